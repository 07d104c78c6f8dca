import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askedRunId } from '../commands/asked-run-id.ts';
import { askedBar, showPlayback, verifyAskedRun } from '../commands/run-again.ts';
import { Refusal } from '../engine/refusal.ts';
import { shortRunId } from '../render/run-list.ts';
import { differingParts } from '../render/run-verified.ts';
import type { Terminal } from './terminal.ts';
import { type OpenDesk, onDesk, print, printJson } from './terminal-desk.ts';

type Ports = { readonly openDesk: OpenDesk; readonly terminal: Terminal };

export type VerifyFlags = { readonly json?: boolean };

export type PlaybackFlags = { readonly at?: string; readonly out?: string };

/** `scalpdesk runs verify`: what is not what it was is shown and then refused, so that a script hears of it. */
export async function verifyRunInTerminal(id: string, { json = false }: VerifyFlags, { openDesk, terminal }: Ports): Promise<void> {
  const prefix = askedRunId(id);
  await onDesk(openDesk, async (desk) => {
    const { run, verification, message } = await verifyAskedRun(prefix, desk);
    if (json) printJson(terminal, { run_id: run.id, ...verification });
    else print(terminal, message);
    if (verification.isIdentical) return;
    throw new Refusal(`Run ${shortRunId(run.id)} is not what it was: ${differingParts(verification).join(', ')}`);
  });
}

/** `scalpdesk runs playback`: one bar of it; with a folder also the picture. */
export async function playRunInTerminal(id: string, { at, out }: PlaybackFlags, { openDesk, terminal }: Ports): Promise<void> {
  const asked = { prefix: askedRunId(id), wanted: askedBar(at ?? null) };
  await onDesk(openDesk, async (desk) => {
    const message = await showPlayback(asked, desk);
    print(terminal, message);
    if (out === undefined) return;
    await mkdir(out, { recursive: true });
    for (const { name, bytes } of message.files) {
      const path = join(out, name);
      await writeFile(path, bytes);
      terminal.stderr.write(`wrote ${path}\n`);
    }
  });
}
