import { writeFile } from 'node:fs/promises';
import { askedRunId, findShown } from '../commands/asked-run-id.ts';
import { askedFormat, exportText } from '../commands/export-run.ts';
import type { DeskPorts } from '../commands/ports.ts';
import { readResult, showRun, showRunList, showTrades, showWhy } from '../commands/show-runs.ts';
import { writeComparisonFiles, writeRunFiles } from '../desk/run-files.ts';
import { Refusal } from '../engine/refusal.ts';
import type { FinishedComparison } from '../render/compare.ts';
import type { Message } from '../render/message.ts';
import { comparisonAsJson, runAsJson } from '../render/run-export.ts';
import { shortRunId } from '../render/run-list.ts';
import { countCaps } from '../render/run-why.ts';
import { ALL_PAGES, askedPage } from './asked-page.ts';
import type { Terminal } from './terminal.ts';
import { type OpenDesk, onDesk, print, printJson } from './terminal-desk.ts';

export type RunFlags = { readonly page?: string; readonly json?: boolean; readonly out?: string; readonly format?: string };

type Ports = { readonly openDesk: OpenDesk; readonly terminal: Terminal };

/** `scalpdesk runs list`: the runs of the terminal, newest first. */
export async function listRunsInTerminal({ page, json = false }: RunFlags, { openDesk, terminal }: Ports): Promise<void> {
  const wanted = askedPage(page);
  await onDesk(openDesk, async (desk) => {
    if (json) printJson(terminal, await desk.listRuns(ALL_PAGES));
    else print(terminal, await showRunList(wanted, desk));
  });
}

/** `scalpdesk runs show`: the card of a run or a comparison again; with a folder also the picture, the table and the JSON. */
export async function showRunInTerminal(id: string, { json = false, out }: RunFlags, { openDesk, terminal }: Ports): Promise<void> {
  const prefix = askedRunId(id);
  await onDesk(openDesk, async (desk) => {
    const { kind, id: shown } = await findShown(prefix, desk);
    const kept = kind === 'run' ? keptRun(shown, desk) : keptComparison(shown, desk);
    if (json) return printJson(terminal, await kept.asJson());
    const card = await showRun(shown, desk);
    print(terminal, card);
    if (out === undefined) return;
    const paths = await kept.write(out, card);
    terminal.stderr.write(`${paths.map((path) => `wrote ${path}`).join('\n')}\n`);
  });
}

export async function showTradesInTerminal(id: string, { page, json = false }: RunFlags, { openDesk, terminal }: Ports): Promise<void> {
  const asked = { prefix: askedRunId(id), page: askedPage(page) };
  await onDesk(openDesk, async (desk) => {
    if (json) printJson(terminal, (await readResult(asked.prefix, desk)).result.trades);
    else print(terminal, await showTrades(asked, desk));
  });
}

export async function showWhyInTerminal(id: string, { json = false }: RunFlags, { openDesk, terminal }: Ports): Promise<void> {
  const prefix = askedRunId(id);
  await onDesk(openDesk, async (desk) => {
    if (!json) return print(terminal, await showWhy(prefix, desk));
    const { run, result } = await readResult(prefix, desk);
    const { blocks, blocks_by_trigger, summary } = result;
    const rules = await desk.askRules(run.id);
    printJson(terminal, { blocks, blocks_by_trigger, held_back_exits: summary.held_back_exits, caps: countCaps(result), rules });
  });
}

/** `scalpdesk runs export`: to stdout, or into a file. */
export async function exportRunInTerminal(id: string, { format = 'json', out }: RunFlags, { openDesk, terminal }: Ports): Promise<void> {
  const asked = { prefix: askedRunId(id), format: askedFormat(format) };
  await onDesk(openDesk, async (desk) => {
    const { run, result } = await readResult(asked.prefix, desk);
    const text = exportText(run.id, result, asked.format);
    if (out === undefined) terminal.stdout.write(text);
    else await writeTo(out, text);
  });
}

/** A run or a comparison as files and programs have it; one without a result is refused. */
type Kept = {
  readonly asJson: () => Promise<Record<string, unknown>>;
  readonly write: (folder: string, card: Message) => Promise<readonly string[]>;
};

function keptRun(id: string, desk: DeskPorts): Kept {
  return {
    asJson: async () => runAsJson(id, (await readResult(id, desk)).result),
    write: async (folder, card) => writeRunFiles(folder, id, (await readResult(id, desk)).result, card),
  };
}

function keptComparison(id: string, desk: DeskPorts): Kept {
  const read = async (): Promise<FinishedComparison> => {
    const finished = await desk.readComparison(id);
    if (finished !== null) return finished;
    throw new Refusal(`Comparison ${shortRunId(id)} has no result; runs show ${shortRunId(id)} says where it is`);
  };
  return {
    asJson: async () => comparisonAsJson(await read()),
    write: async (folder, card) => writeComparisonFiles(folder, await read(), card),
  };
}

async function writeTo(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    throw new Refusal(`Cannot write ${path}: ${cause instanceof Error ? cause.message : String(cause)}; name another file with --out`, {
      cause,
    });
  }
}
