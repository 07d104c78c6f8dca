import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createLog, type Facts, type LogLevel } from '../../src/ops/log.ts';

const TOKEN = 'abcdefghijklmnopqrstuvwxyz.AbCdEf.0123456789abcdefghijklmnopqrstu';
const DATABASE_URL = 'postgres://desk:p%40ss-word"x@db:5432/desk?sslpassword=key-of-the-key';
const REDIS_URL = 'rediss://:red-hot@queue:6379';
const SECRETS = [TOKEN, DATABASE_URL, REDIS_URL];
/** Every spelling of the secrets that must not be told. */
const FORBIDDEN = [TOKEN, 'p%40ss-word', 'p@ss-word', 'key-of-the-key', 'red-hot'];

function openLog({ level = 'info', isTTY = false }: { readonly level?: LogLevel; readonly isTTY?: boolean } = {}) {
  const written: string[] = [];
  const log = createLog({ role: 'worker', level, secrets: SECRETS, stream: { write: (text) => written.push(text), isTTY } });
  return { log, text: () => written.join(''), lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

/** The same secret wherever a line could carry one. */
const HIDING_PLACES: readonly (readonly [place: string, hide: (secret: string) => { readonly error: unknown; readonly facts?: Facts }])[] =
  [
    ['a message', (secret) => ({ error: new Error(`It said ${secret}.`) })],
    ['a text that is thrown', (secret) => ({ error: `It said ${secret}.` })],
    ['a cause of a cause', (secret) => ({ error: new Error('a', { cause: new Error('b', { cause: new Error(secret) }) }) })],
    ['a stack', (secret) => ({ error: Object.assign(new Error('a'), { stack: `Error: a\n    at ${secret}` }) })],
    ['an error among errors', (secret) => ({ error: new AggregateError([new Error(secret)], 'a') })],
    ['the address of a request', (secret) => ({ error: Object.assign(new Error('a'), { url: `https://x.example/${secret}/y` }) })],
    [
      'the command of a refused login',
      (secret) => ({ error: Object.assign(new Error('a'), { command: { name: 'auth', args: [secret] } }) }),
    ],
    ['a fact', (secret) => ({ error: new Error('a'), facts: { where: secret } })],
    ['a fact far inside', (secret) => ({ error: new Error('a'), facts: { a: { b: [{ c: new Map([['d', secret]]) }] } } })],
    ['the name of a fact', (secret) => ({ error: new Error('a'), facts: { [secret]: 1, inside: { [secret]: 2 } } })],
    ['an address object', (secret) => ({ error: new Error('a'), facts: { url: URL.canParse(secret) ? new URL(secret) : secret } })],
    ['an encoded text', (secret) => ({ error: new Error(encodeURIComponent(secret)) })],
    ['a text within JSON', (secret) => ({ error: new Error(JSON.stringify({ secret })) })],
  ];

describe('createLog', () => {
  it('writes one line of JSON that names the process, and what it is about', () => {
    const { log, lines } = openLog();

    log.info('Run ended', { runId: '11111111-1111-4111-8111-111111111111', guildId: '300000000000000001', reference: '11111111' });

    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        role: 'worker',
        pid: process.pid,
        message: 'Run ended',
        runId: '11111111-1111-4111-8111-111111111111',
        guildId: '300000000000000001',
        reference: '11111111',
      },
    ]);
  });

  it('tells an error with its stack and what caused it, but not what libraries hang on it', () => {
    const { log, lines } = openLog();
    const cause = Object.assign(new TypeError('no table'), { code: '42P01', requestBody: { json: 'what somebody typed' } });

    log.error(new Error('A run failed', { cause }), { reference: 'abc' });

    expect(lines()).toMatchObject([
      {
        level: 'error',
        message: 'A run failed',
        reference: 'abc',
        error: {
          name: 'Error',
          message: 'A run failed',
          stack: expect.stringContaining('log.test.ts'),
          cause: { name: 'TypeError', message: 'no table', code: '42P01' },
        },
      },
    ]);
    expect(JSON.stringify(lines())).not.toContain('what somebody typed');
  });

  for (const isTTY of [false, true]) {
    it.each(HIDING_PLACES)(`hides secrets in %s, ${isTTY ? 'as text' : 'as JSON'}`, (_place, hide) => {
      const { log, text } = openLog({ isTTY });

      for (const secret of SECRETS) {
        const { error, facts } = hide(secret);
        log.error(error, facts);
      }

      expect(text().length).toBeGreaterThan(0);
      for (const forbidden of FORBIDDEN) expect(text()).not.toContain(forbidden);
    });
  }

  it('still says what happened around a secret', () => {
    const { log, lines } = openLog();

    log.warn(`login with ${TOKEN} refused`);

    expect(lines()[0]?.message).toBe('login with [redacted] refused');
  });

  it.each([
    ['postgres://someone:else@db/x', 'postgres://[redacted]@db/x'],
    ['http://me:p@ss@proxy/x', 'http://[redacted]@proxy/x'],
    ['POST /webhooks/300000000000000001/aW50ZXJhY3Rpb246eHl6/messages', 'POST /webhooks/300000000000000001/[redacted]/messages'],
    ['/api/v10/interactions/300000000000000001/sometoken/callback', '/api/v10/interactions/300000000000000001/[redacted]/callback'],
    ['Incorrect API key provided: sk-proj-abcdefghijklmnop1234', 'Incorrect API key provided: [redacted]'],
    ['Authorization: Bot abcdefghijklmnopqrstuv', 'Authorization: Bot [redacted]'],
    ['MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs is old', '[redacted] is old'],
    ['aW50ZXJhY3Rpb246MTIzNDU2Nzg5MA-_ is one too', '[redacted] is one too'],
    ['at https://discord.com/api/v10/channels/1/messages', 'at https://discord.com/api/v10/channels/1/messages'],
    ['Bot restarted', 'Bot restarted'],
  ])('hides what is secret by its form: %s', (message, told) => {
    const { log, lines } = openLog();

    log.info(message);

    expect(lines()[0]?.message).toBe(told);
  });

  it('hides what is secret by its name, and tells when there is none', () => {
    const { log, lines } = openLog();

    log.info('started', { password: 'open', config: { discordToken: 'short', apiKey: 'k', databaseUrl: null, exchangeId: 'coinbase' } });

    expect(lines()[0]).toMatchObject({
      password: '[redacted]',
      config: { discordToken: '[redacted]', apiKey: '[redacted]', databaseUrl: null, exchangeId: 'coinbase' },
    });
  });

  it('hides what becomes known later', () => {
    const { log, text } = openLog();

    log.hide('postgres://desk:made-just-now@127.0.0.1:5433/desk');
    log.info('the password is made-just-now');

    expect(text()).not.toContain('made-just-now');
  });

  it('leaves words whole that a very short password is part of', () => {
    const { log, lines } = openLog();

    log.hide('redis://:a@queue');
    log.info('a card was posted');

    expect(lines()[0]?.message).toBe('a card was posted');
  });

  it('tells whatever it is given', () => {
    const { log, lines } = openLog();
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const broken = Object.defineProperty({}, 'value', { enumerable: true, get: () => expect.fail('it was read outside a try') });

    log.info('odd', { circle, broken, big: 10n, none: undefined, nan: Number.NaN, bytes: new Uint8Array(3), many: new Array(60).fill(0) });

    expect(lines()).toMatchObject([
      {
        circle: { self: '[circular]' },
        broken: { value: '[unreadable]' },
        big: '10',
        none: null,
        nan: 'NaN',
        bytes: '[3 bytes]',
        many: expect.objectContaining({ 50: '… 10 more', length: 51 }),
      },
    ]);
  });

  it('leaves out what an emitter hands over beside its error', () => {
    const { log, lines } = openLog();

    new EventEmitter().on('error', log.error).emit('error', new Error('a'), new EventEmitter());

    expect(Object.keys(lines()[0] ?? {}).sort()).toEqual(['error', 'level', 'message', 'pid', 'role', 'time']);
  });

  it.each([false, true])('leaves out what is below its level (text: %s)', (isTTY) => {
    const { log, text } = openLog({ level: 'warn', isTTY });

    log.debug('one');
    log.info('two');
    log.warn('three');

    expect(text()).toContain('three');
    expect(text()).not.toMatch(/one|two/);
  });

  it('writes for people where one watches', () => {
    const { log, text } = openLog({ isTTY: true });

    log.error(new Error('A run failed', { cause: new Error('no table') }), { runId: 'r-1' });

    expect(text()).toMatch(/^\d\d:\d\d:\d\d error A run failed \(runId r-1\)\nError: A run failed\n {4}at .+/);
    expect(text()).toContain('\nError: no table\n');
  });
});
