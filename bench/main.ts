import { cpus } from 'node:os';
import { measureDesk } from './desk.ts';
import { measureEngine } from './engine.ts';

/** Prints every figure with its ratio to a reference measured in the same run: a table, or JSON with --json. */
const figures = [...measureEngine(), ...(await measureDesk())];

if (process.argv.includes('--json')) {
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
