import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';

/**
 * Has the real month of BTC in a folder planned by a model that never says the same twice, on loopback, and replays the recording: three times
 * as a backtest and once as a comparison of leverages, all through the terminal and its database. Ends with 1 when a replay asks the model
 * or comes out otherwise: node bench/recorded-month.ts [folder]
 */
const { positionals } = parseArgs({ allowPositionals: true });
const folder = positionals[0] ?? '../shared/data';
const file = (kind: string) => {
  const name = readdirSync(folder).find((each) => each.includes(`_BTC-USDT_${kind}_`));
  if (name === undefined) throw new Error(`There is no *_BTC-USDT_${kind}_*.csv.gz in ${folder}; name the folder that has it`);
  return join(folder, name);
};

let calls = 0;
const server = createServer(async (request, response) => {
  for await (const _ of request);
  calls += 1;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer()));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('The loopback model has no port.');

const home = mkdtempSync(join(tmpdir(), 'scalpdesk-recorded-'));
// Started by root, the database runs as somebody else.
chmodSync(home, 0o755);
const env = {
  PATH: process.env.PATH,
  SCALPDESK_DATA_DIR: join(home, 'data'),
  OPENAI_API_KEY: 'key-of-the-loopback-model',
  OPENAI_BASE_URL: `http://127.0.0.1:${address.port}/v1`,
};

type Ran = Readonly<Record<string, unknown>> & { readonly result_hash?: string };

async function scalpdesk(
  command: string,
  ...flags: readonly string[]
): Promise<{ readonly ran: Ran; readonly asked: number; readonly seconds: number }> {
  const before = calls;
  const startedMs = performance.now();
  const plan = ['--preset', 'scalper-5m', '--llm-strategist', 'aggressive_active', '--llm-run-id', 'month'];
  const bars = ['--candles', `BTC-USD=${file('5m')}`, '--funding', `BTC-USD=${file('funding')}`];
  const args = ['src/cli/main.ts', command, ...plan, ...bars, '--json', ...flags];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, maxBuffer: 1e9 });
  return { ran: JSON.parse(stdout), asked: calls - before, seconds: (performance.now() - startedMs) / 1_000 };
}

const say = (text: string) => process.stdout.write(`${text}\n`);
const troubles: string[] = [];
try {
  const recorded = await scalpdesk('backtest');
  const hash = String(recorded.ran.result_hash);
  say(
    `recorded: ${lengthOf(recorded.ran.plans)} plans, ${recorded.asked} calls, ${lengthOf(recorded.ran.trades)} trades, result ${hash.slice(0, 8)}, ${recorded.seconds.toFixed(1)} s`,
  );
  if (recorded.asked === 0) troubles.push('nothing was recorded');
  for (const time of ['first', 'second', 'third']) {
    const { ran, asked, seconds } = await scalpdesk('backtest', '--llm-mode', 'replay');
    say(`${time} replay: ${asked} calls, result ${String(ran.result_hash).slice(0, 8)}, ${seconds.toFixed(1)} s`);
    if (asked > 0 || ran.result_hash !== hash) troubles.push(`the ${time} replay is not the recording`);
  }
  const compared = await scalpdesk('compare', '--leverage', '1,3', '--llm-mode', 'replay');
  say(`comparison: ${compared.asked} calls, variants ${lengthOf(compared.ran.variant_run_ids)}, ${compared.seconds.toFixed(1)} s`);
  if (compared.asked > 0) troubles.push('the comparison asked the model');
} finally {
  server.close();
  rmSync(home, { recursive: true, force: true });
}
say(troubles.length === 0 ? 'Every replay is the recording, and asked nobody.' : `Wrong: ${troubles.join('; ')}`);
process.exitCode = troubles.length === 0 ? 0 : 1;

/** A plan with its numbers drawn anew each time, as a model might write it. */
function answer(): unknown {
  const draw = (low: number, high: number) => Math.round((low + Math.random() * (high - low)) * 100) / 100;
  const trigger = (side: 'long' | 'short') => ({
    id: `btc-turn-${side}`,
    symbol: 'BTC-USD',
    timeframe: '1h',
    side,
    category: 'reversal',
    grade: 'B',
    entry: side === 'long' ? `rsi crosses_above ${draw(30, 50)}` : `rsi crosses_below ${draw(50, 70)}`,
    exit: null,
    stop: { kind: 'atr', value: draw(2, 4) },
    target: { kind: 'r', value: draw(1, 3) },
  });
  const plan = {
    regime: 'mixed',
    stance: 'active',
    rationale: 'Turns of the hour, both ways.',
    triggers: [trigger('long'), trigger('short')],
    emergency_exit: null,
    levels: [],
  };
  return {
    ...{
      id: `resp_${calls}`,
      object: 'response',
      created_at: 0,
      model: 'loopback',
      status: 'completed',
      error: null,
      incomplete_details: null,
    },
    output: [
      {
        ...{ id: `msg_${calls}`, type: 'message', role: 'assistant', status: 'completed' },
        content: [{ type: 'output_text', text: JSON.stringify(plan), annotations: [] }],
      },
    ],
    usage: {
      ...{ input_tokens: 5_000, output_tokens: 600, total_tokens: 5_600 },
      input_tokens_details: { cached_tokens: 4_000 },
      output_tokens_details: { reasoning_tokens: 200 },
    },
  };
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}
