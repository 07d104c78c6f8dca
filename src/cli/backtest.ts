import { resolveBacktestRequest } from '../commands/backtest-request.ts';
import { openChartService } from '../desk/chart-service.ts';
import type { Desk } from '../desk/open-desk.ts';
import { composeRunCard } from '../desk/run-card.ts';
import { writeRunFiles } from '../desk/run-files.ts';
import { runToEnd } from '../desk/terminal-run.ts';
import { plainText } from '../render/plain-text.ts';
import { runAsJson } from '../render/run-export.ts';
import { text } from './backtest-ask.ts';
import type { BacktestFlags } from './backtest-options.ts';
import { askedRun, type RequestPorts, requestContextOn } from './run-request.ts';
import { progressBar, type Terminal } from './terminal.ts';
import { terminalWords } from './terminal-words.ts';

export const DEFAULT_FOLDER = 'out';

export type BacktestPorts = RequestPorts & {
  /** Opened once every flag by itself is known to make sense; what they come to together depends on what is set. */
  readonly openDesk: () => Promise<Desk>;
  readonly terminal: Terminal;
};

/** `scalpdesk backtest`: the same request, queue and engine as in Discord, printed and written to files. */
export async function backtestInTerminal(flags: BacktestFlags, { openDesk, terminal, ...ports }: BacktestPorts): Promise<void> {
  const { ask, settle } = await askedRun(flags);

  await using opened = new AsyncDisposableStack();
  const desk = await openDesk();
  opened.defer(desk.close);
  const spec = await settle(desk, resolveBacktestRequest(ask, await requestContextOn(desk, ports)));
  const bar = progressBar(terminal);
  const run = await runToEnd(desk, spec, bar.show).finally(bar.end);
  if (run.result === null) throw new Error(`Run ${run.id} is done without a result`);

  const isJson = flags.json === true;
  const folder = text(flags, 'out') ?? (isJson ? null : DEFAULT_FOLDER);
  if (isJson) terminal.stdout.write(`${JSON.stringify(runAsJson(run.id, run.result))}\n`);
  if (isJson && folder === null) return;

  const charts = await openChartService(desk.config);
  opened.defer(charts.close);
  const card = await composeRunCard({ pool: desk.pool, chartUrl: charts.url, reportError: desk.reportError }, run, null);
  if (!isJson) terminal.stdout.write(`${terminalWords(plainText(card))}\n\n`);
  if (folder === null) return;
  const paths = await writeRunFiles(folder, run.id, run.result, card);
  terminal.stderr.write(`${paths.map((path) => `wrote ${path}`).join('\n')}\n`);
}
