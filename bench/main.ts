import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measureDesk } from './desk.ts';
import { measureEngine } from './engine.ts';
import { measureHistories } from './histories.ts';
import type { Figure } from './measure.ts';
import { measureQueue } from './queue.ts';
import { measureSession } from './session.ts';
import { measureSettings } from './settings.ts';

const PARTS: Readonly<Record<string, () => readonly Figure[] | Promise<readonly Figure[]>>> = {
  engine: measureEngine,
  session: measureSession,
  queue: measureQueue,
  desk: measureDesk,
  settings: measureSettings,
  histories: measureHistories,
};

/** Prints every figure, or those of the parts that are named, with its ratio to a reference measured in the same run: a table, or JSON with --json. */
const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true });
const figures: Figure[] = [];
for (const name of positionals.length === 0 ? Object.keys(PARTS) : positionals) {
  const measure = PARTS[name];
  if (measure === undefined) throw new Error(`There is nothing to measure called "${name}"; there is: ${Object.keys(PARTS).join(', ')}`);
  figures.push(...(await measure()));
}

if (values.json === true) {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} else {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.version}`;
  const rows = figures.map(
    ({ name, value, unit, reference, ratio }) =>
      `| ${name} | ${value.toLocaleString('en-US', { maximumSignificantDigits: 3 })} ${unit} | ${reference === null || ratio === null ? '' : `${ratio.toFixed(2)} × ${reference}`} |`,
  );
  process.stdout.write(
    `${new Date().toISOString().slice(0, 10)}, ${machine}\n\n| what | figure | beside |\n|---|---|---|\n${rows.join('\n')}\n`,
  );
}
