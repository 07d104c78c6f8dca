import { writeFile } from 'node:fs/promises';
import { askedRunId } from '../commands/asked-run-id.ts';
import { askedFormat, exportText } from '../commands/export-run.ts';
import type { DeskPorts } from '../commands/ports.ts';
import { readResult, showRun, showRunList, showTrades, showWhy } from '../commands/show-runs.ts';
import { writeRunFiles } from '../desk/run-files.ts';
import { Refusal } from '../engine/refusal.ts';
import { runAsJson } from '../render/run-export.ts';
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

/** `scalpdesk runs show`: the card again; with a folder also the picture, the trades and the JSON. */
export async function showRunInTerminal(id: string, { json = false, out }: RunFlags, { openDesk, terminal }: Ports): Promise<void> {
  const prefix = askedRunId(id);
  await onDesk(openDesk, async (desk) => {
    if (json) return printJson(terminal, await resultAsJson(prefix, desk));
    const card = await showRun(prefix, desk);
    print(terminal, card);
    if (out === undefined) return;
    const { run, result } = await readResult(prefix, desk);
    const paths = await writeRunFiles(out, run.id, result, card);
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

async function resultAsJson(prefix: string, desk: DeskPorts): Promise<Record<string, unknown>> {
  const { run, result } = await readResult(prefix, desk);
  return runAsJson(run.id, result);
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
