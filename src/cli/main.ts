import { randomUUID } from 'node:crypto';
import { Command, Option } from 'commander';
import { DEFAULT_FETCH_DAYS } from '../commands/fetch-request.ts';
import { parseConfig } from '../config/config.ts';
import { secretsOf } from '../config/secrets.ts';
import { type Desk, openDesk } from '../desk/open-desk.ts';
import { SERVICE_ROLES, type ServiceRole } from '../desk/service-roles.ts';
import { TIMEFRAMES } from '../engine/bar.ts';
import { PARAMETERS } from '../engine/parameters.ts';
import { Refusal } from '../engine/refusal.ts';
import { createLog } from '../ops/log.ts';
import { STRATEGIES } from '../strategist/strategy.ts';
import { addPresets } from './add-presets.ts';
import { addRuns } from './add-runs.ts';
import { addSettings } from './add-settings.ts';
import { addStrategy } from './add-strategy.ts';
import { addTriggers } from './add-triggers.ts';
import { addWalkAway } from './add-walkaway.ts';
import { backtestInTerminal } from './backtest.ts';
import { addBacktestOptions, addCompareOptions, type BacktestFlags } from './backtest-options.ts';
import { type FetchFlags, fetchInTerminal, importInTerminal, showCoverageInTerminal } from './candles.ts';
import { compareInTerminal } from './compare.ts';
import { showStatusInTerminal } from './desk.ts';
import { parametersMarkdown } from './parameters-markdown.ts';
import { parametersText } from './parameters-text.ts';
import { terminalWords } from './terminal-words.ts';

const REFUSED = 2;
const BROKEN = 1;

const { stdout, stderr } = process;
const terminal = { stdout, stderr };
const log = createLog({ role: 'terminal', level: 'info', secrets: [], stream: stderr });

const program = new Command('scalpdesk')
  .description('A trading desk in a Discord channel; the same in the terminal.')
  .configureOutput({ writeErr: (text) => void stderr.write(text) })
  .showHelpAfterError('(add --help for what there is)')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : REFUSED));

const asking = () => ({
  openDesk: open,
  exchange: parseConfig(process.env).exchangeId,
  strategyIds: STRATEGIES.map(({ id }) => id),
  nowMs: () => Date.now(),
  terminal,
});
addBacktestOptions(program.command('backtest').description('replay past bars: table, picture and JSON')).action((flags) =>
  answer(() => backtestInTerminal(flags, asking())),
);
addCompareOptions(program.command('compare').description('variants of a backtest side by side: table, picture and JSON')).action((flags) =>
  answer(() => compareInTerminal(flags, asking())),
);

addRuns(program, { openDesk: open, terminal, answer });
addStrategy(program, { openDesk: open, terminal, answer, asking });
addWalkAway(program, { openDesk: open, terminal, answer });
addTriggers(program, { openDesk: open, terminal, answer });
addSettings(program, { openDesk: open, terminal, nowMs: () => Date.now(), answer });
addPresets(program, { openDesk: open, terminal, answer });

const candles = program.command('candles').description('bars that backtests run on');
candles
  .command('coverage')
  .description('what is kept: market, timeframe, range, gaps')
  .option('--page <page>', 'which page; default the first')
  .option('--json', 'everything as one JSON array')
  .action((flags) => answer(() => showCoverageInTerminal(flags, { openDesk: open, terminal })));
candles
  .command('import')
  .description('keep files: from then on backtests of the symbol run on them, here and in Discord')
  .argument('<symbol=file...>', 'candle CSV (plain or .gz) of a symbol, e.g. BTC-USD=btc-5m.csv.gz')
  .option('--funding <symbol=file...>', 'funding CSV of a symbol; repeatable')
  .action((files: readonly string[], flags: BacktestFlags) => answer(() => importInTerminal(files, flags, { openDesk: open, terminal })));
candles
  .command('fetch')
  .description('bars from an exchange, as far as they are not kept yet; one that was stopped goes on from there')
  .requiredOption('--symbol <symbol>', 'market, BASE-QUOTE, e.g. BTC-USD')
  .requiredOption('--timeframe <timeframe>', `length of a bar: ${TIMEFRAMES.join(' ')}`)
  .option('--exchange <name>', "as ccxt names it, e.g. coinbase; default the environment's EXCHANGE_ID")
  .option('--days <days>', `history, counted back from end or now; default ${DEFAULT_FETCH_DAYS}`)
  .option('--start <time>', 'first bar, UTC: 2025-10-01 or 2025-10-01T12:00')
  .option('--end <time>', 'no bar opens at or after it, UTC; default now')
  .option('--json', 'print the fetch as one JSON object')
  .action((flags: FetchFlags) =>
    answer(() =>
      fetchInTerminal(flags, { openDesk: open, terminal, exchange: parseConfig(process.env).exchangeId, nowMs: () => Date.now() }),
    ),
  );

program
  .command('desk')
  .description('the desk itself')
  .command('status')
  .description('versions, queue, workers, messages on their way, age of the bars')
  .option('--json', 'print it as one JSON object')
  .action((flags) => answer(() => showStatusInTerminal(flags, { openDesk: open, terminal })));

program
  .command('start')
  .description('run the bot and a worker until stopped (needs DISCORD_TOKEN)')
  .addOption(new Option('--only <role>', 'run one of them, and the other elsewhere; a worker needs no token').choices(SERVICE_ROLES))
  .action(({ only }: { readonly only?: ServiceRole }) =>
    answer(async () => {
      // Only this needs discord.js, which takes longer to load than most of the other commands take.
      const { serve } = await import('../desk/serve.ts');
      process.exitCode = await serve({ config: parseConfig(process.env), only: only ?? null, stderr });
    }),
  );

program
  .command('migrate')
  .description('bring the database up to date, then leave')
  .action(() =>
    answer(async () => {
      const desk = await open();
      await desk.close();
      stdout.write('The database is up to date.\n');
    }),
  );

program
  .command('parameters')
  .description('every parameter with its range, default and meaning')
  .option('--json', 'print the registry as JSON')
  .option('--markdown', 'print docs/parameters.md')
  .action(({ json, markdown }: { readonly json?: boolean; readonly markdown?: boolean }) => {
    const text = json === true ? JSON.stringify(PARAMETERS) : markdown === true ? parametersMarkdown() : parametersText();
    stdout.write(`${text}\n`);
  });

await program.parseAsync();

async function open(): Promise<Desk> {
  const config = parseConfig(process.env);
  log.hide(...secretsOf(config));
  // Node would print it whole, with every secret in it.
  process.once('uncaughtException', (error) => {
    log.error(error);
    process.exit(BROKEN);
  });
  const desk = await openDesk(config, log.error);
  log.hide(desk.databaseUrl);
  return desk;
}

/** The one place that turns an error into words and an exit code. */
async function answer(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Refusal) {
      stderr.write(`${terminalWords(error.message)}\n`);
      process.exitCode = REFUSED;
    } else {
      log.error(error, { reference: randomUUID().slice(0, 8) });
      process.exitCode = BROKEN;
    }
  }
}
