import { askedReplan } from '../commands/asked-replan.ts';
import { askedRunId } from '../commands/asked-run-id.ts';
import { askedPlan, readPlans, showPlan, showStrategies, showStrategy } from '../commands/show-strategies.ts';
import { renderPlanNow } from '../render/plan-page.ts';
import type { RequestPorts } from './run-request.ts';
import type { Terminal } from './terminal.ts';
import { type OpenDesk, onDesk, print, printJson } from './terminal-desk.ts';

type Ports = { readonly openDesk: OpenDesk; readonly terminal: Terminal };

export type StrategyFlags = { readonly at?: string; readonly json?: boolean };

/** `scalpdesk strategy list`: what can be traded by, and who plans. */
export async function listStrategiesInTerminal({ json = false }: StrategyFlags, { openDesk, terminal }: Ports): Promise<void> {
  await onDesk(openDesk, async (desk) => {
    if (json) printJson(terminal, desk.listStrategies());
    else print(terminal, showStrategies(desk));
  });
}

/** `scalpdesk strategy show`: its text, which in Discord is a file. */
export async function showStrategyInTerminal(name: string, { openDesk, terminal }: Ports): Promise<void> {
  await onDesk(openDesk, async (desk) => {
    const { files } = showStrategy(name, desk);
    for (const { bytes } of files) terminal.stdout.write(new TextDecoder().decode(bytes));
  });
}

/** `scalpdesk strategy plan`: a plan of a run, of the newest when none is named. */
export async function showPlanInTerminal(
  id: string | undefined,
  { at, json = false }: StrategyFlags,
  { openDesk, terminal }: Ports,
): Promise<void> {
  const asked = { prefix: id === undefined ? null : askedRunId(id), wanted: askedPlan(at ?? null) };
  await onDesk(openDesk, async (desk) => {
    if (json) printJson(terminal, (await readPlans(asked.prefix, desk)).views);
    else print(terminal, await showPlan(asked, desk));
  });
}

export type ReplanFlags = {
  readonly symbols?: readonly string[];
  readonly timeframe?: string;
  readonly strategist?: string;
  readonly json?: boolean;
};

/** `scalpdesk strategy replan`: what the strategist would do from now on; nothing trades by it. */
export async function replanInTerminal(
  { symbols, timeframe, strategist, json = false }: ReplanFlags,
  { openDesk, terminal, exchange, strategyIds, nowMs }: Ports & RequestPorts,
): Promise<void> {
  const asked = { symbols: symbols?.join(' ') ?? null, timeframe: timeframe ?? null, strategist: strategist ?? null };
  await onDesk(openDesk, async (desk) => {
    const context = { requestedAtMs: nowMs(), guild: await desk.readGuild(), strategyIds, exchange };
    const planned = await desk.planNow(askedReplan(asked, context));
    if (json) printJson(terminal, planned);
    else print(terminal, renderPlanNow(planned));
  });
}
