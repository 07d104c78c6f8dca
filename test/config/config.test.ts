import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { Refusal } from '../../src/engine/refusal.ts';

const defaults = {
  discordToken: null,
  discordGuildId: null,
  discordApiUrl: 'https://discord.com/api',
  databaseUrl: null,
  redisUrl: null,
  quickchartUrl: null,
  exchangeId: 'coinbase',
  exchangeBaseUrl: null,
  openaiApiKey: null,
  openaiBaseUrl: null,
  openaiModel: null,
  dataDir: null,
  xdgDataHome: null,
  workerThreads: 1,
  httpPort: null,
  httpHost: '127.0.0.1',
  logLevel: 'info',
};

function refusalOf(env: Record<string, string>): string {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
  throw new Error('The environment was accepted.');
}

describe('parseConfig', () => {
  it('needs nothing', () => expect(parseConfig({ PATH: '/usr/bin' })).toEqual(defaults));

  it('takes an empty or blank variable for one that is not set', () => {
    const env = Object.fromEntries(
      ['DISCORD_TOKEN', 'DISCORD_API_URL', 'DATABASE_URL', 'EXCHANGE_ID', 'WORKER_THREADS'].map((name) => [name, '']),
    );

    expect(parseConfig({ ...env, QUICKCHART_URL: '  ' })).toEqual(defaults);
  });

  it('reads every variable', () => {
    const config = parseConfig({
      DISCORD_TOKEN: 'aaa.bbb.ccc',
      DISCORD_GUILD_ID: '123456789012345678',
      DISCORD_API_URL: 'http://127.0.0.1:8080/api/',
      DATABASE_URL: 'postgres://me:secret@db:5432/desk',
      REDIS_URL: 'rediss://:secret@queue:6379/2',
      QUICKCHART_URL: 'https://charts.example',
      EXCHANGE_ID: 'binance',
      EXCHANGE_BASE_URL: 'http://127.0.0.1:9000/',
      OPENAI_API_KEY: 'sk-secret',
      OPENAI_BASE_URL: 'http://127.0.0.1:8000/v1/',
      OPENAI_MODEL: 'gpt-5-mini-2025-08-07',
      SCALPDESK_DATA_DIR: '/srv/desk',
      XDG_DATA_HOME: '/home/me/data',
      WORKER_THREADS: ' 16 ',
      HTTP_PORT: '9090',
      HTTP_HOST: '0.0.0.0',
      LOG_LEVEL: 'warn',
    });

    expect(config).toEqual({
      discordToken: 'aaa.bbb.ccc',
      discordGuildId: '123456789012345678',
      discordApiUrl: 'http://127.0.0.1:8080/api',
      databaseUrl: 'postgres://me:secret@db:5432/desk',
      redisUrl: 'rediss://:secret@queue:6379/2',
      quickchartUrl: 'https://charts.example',
      exchangeId: 'binance',
      exchangeBaseUrl: 'http://127.0.0.1:9000',
      openaiApiKey: 'sk-secret',
      openaiBaseUrl: 'http://127.0.0.1:8000/v1',
      openaiModel: 'gpt-5-mini-2025-08-07',
      dataDir: '/srv/desk',
      xdgDataHome: '/home/me/data',
      workerThreads: 16,
      httpPort: 9090,
      httpHost: '0.0.0.0',
      logLevel: 'warn',
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('lists every bad variable with its value and what to set instead', () => {
    expect(refusalOf({ WORKER_THREADS: '17', EXCHANGE_ID: 'Coin Base', SCALPDESK_DATA_DIR: 'data' })).toBe(
      [
        'The environment cannot be used:',
        '- EXCHANGE_ID is "Coin Base": set an exchange name in lower case, e.g. coinbase, or leave it out.',
        '- SCALPDESK_DATA_DIR is "data": set an absolute path, e.g. /var/lib/scalpdesk, or leave it out.',
        '- WORKER_THREADS is "17": set a whole number from 1 to 16, or leave it out for 1.',
      ].join('\n'),
    );
  });

  it.each(['0', '1.5', 'many', '1e9', 'NaN'])('refuses %s worker threads', (threads) => {
    expect(refusalOf({ WORKER_THREADS: threads })).toContain(`WORKER_THREADS is "${threads}": set a whole number from 1 to 16`);
  });

  it.each([
    ['HTTP_PORT', '65536', 'set a port from 1 to 65535, or leave it out for no health checks'],
    ['HTTP_PORT', '0', 'set a port from 1 to 65535'],
    ['HTTP_PORT', 'http', 'set a port from 1 to 65535'],
    ['HTTP_HOST', 'everywhere', 'set the address of an interface, e.g. 0.0.0.0 for all of them, or leave it out for 127.0.0.1'],
    ['LOG_LEVEL', 'loud', 'set one of debug, info, warn, error, or leave it out for info'],
  ])('refuses %s=%s', (name, value, wanted) => {
    expect(refusalOf({ [name]: value })).toContain(`- ${name} is "${value}": ${wanted}`);
  });

  it.each([
    ['DISCORD_TOKEN', 'hunter2 hunter2'],
    ['DATABASE_URL', 'mysql://me:hunter2@db/desk'],
    ['DATABASE_URL', 'hunter2'],
    ['REDIS_URL', 'http://:hunter2@queue:6379'],
    ['REDIS_URL', 'hunter2@queue:6379'],
    ['DISCORD_API_URL', 'ftp://me:hunter2@proxy'],
    ['QUICKCHART_URL', 'hunter2'],
    ['OPENAI_API_KEY', 'sk hunter2'],
    ['OPENAI_API_KEY', 'sk-hunter2ключ'],
    ['OPENAI_BASE_URL', 'hunter2'],
    ['DISCORD_GUILD_ID', `hunter2${'x'.repeat(60)}`],
  ])('never shows what was set for %s', (name, value) => {
    const message = refusalOf({ [name]: value });

    expect(message).toContain(`- ${name} `);
    expect(message).not.toContain('hunter2');
  });

  it.each([
    ['DISCORD_API_URL', 'https://me:hunter2@discord.example'],
    ['QUICKCHART_URL', 'http://hunter2@charts.example'],
    ['EXCHANGE_BASE_URL', 'http://:hunter2@proxy.example/'],
    ['OPENAI_BASE_URL', 'https://me:hunter2@models.example/v1'],
  ])('refuses a user and a password in %s, in one line that does not show them', (name, value) => {
    const message = refusalOf({ [name]: value });

    expect(message.split('\n')).toHaveLength(2);
    expect(message).toMatch(
      new RegExp(`^- ${name} has a value of the wrong form \\(not shown\\): set the address without a user or a password in it\\.$`, 'm'),
    );
    expect(message).not.toMatch(/hunter2|models|charts/);
  });

  it('is documented variable by variable in .env.example', () => {
    const documented = readFileSync('.env.example', 'utf8').matchAll(/^([A-Z_]+)=(.*)$/gm);
    const env = Object.fromEntries([...documented].map(([, name, value]) => [name, value]));

    expect(Object.keys(env).sort()).toEqual([
      'DATABASE_URL',
      'DISCORD_API_URL',
      'DISCORD_GUILD_ID',
      'DISCORD_TOKEN',
      'EXCHANGE_BASE_URL',
      'EXCHANGE_ID',
      'HTTP_HOST',
      'HTTP_PORT',
      'LOG_LEVEL',
      'OPENAI_API_KEY',
      'OPENAI_BASE_URL',
      'OPENAI_MODEL',
      'QUICKCHART_URL',
      'REDIS_URL',
      'SCALPDESK_DATA_DIR',
      'WORKER_THREADS',
    ]);
    expect(parseConfig(env)).toEqual(defaults);
  });
});
