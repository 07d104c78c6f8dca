import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { secretsOf } from '../../src/config/secrets.ts';

const VALUES: Readonly<Record<string, string>> = {
  DISCORD_TOKEN: 'aaa.bbb.ccc',
  DATABASE_URL: 'postgres://me:hunter2@db:5432/desk',
  REDIS_URL: 'redis://:hunter3@queue:6379',
  OPENAI_API_KEY: 'sk-hunter4',
};

it('names every variable that .env.example calls secret', () => {
  const documented = readFileSync('.env.example', 'utf8')
    .split('\n\n')
    .filter((paragraph) => /\bSecret\./.test(paragraph));
  const names = documented.map((paragraph) => /^([A-Z_]+)=/m.exec(paragraph)?.[1] ?? paragraph);

  expect(names.sort()).toEqual(Object.keys(VALUES).sort());
  expect([...secretsOf(parseConfig(VALUES))].sort()).toEqual(Object.values(VALUES).sort());
});

it('has none when none is set', () => expect(secretsOf(parseConfig({}))).toEqual([]));

it('takes an address for a secret only where it may hold a key', () => {
  const config = parseConfig({ DISCORD_API_URL: 'https://discord.example/api', EXCHANGE_BASE_URL: 'https://proxy.example/?key=hunter3' });

  expect(secretsOf(config)).toEqual(['https://proxy.example/?key=hunter3']);
});
