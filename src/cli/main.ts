import { Command } from 'commander';
import { parseConfig } from '../config/config.ts';
import { type Desk, openDesk } from '../desk/open-desk.ts';
import { startBot } from '../desk/start-bot.ts';
import { startWorker } from '../desk/start-worker.ts';
import { PARAMETERS } from '../engine/parameters.ts';
import { Refusal } from '../engine/refusal.ts';
import { STRATEGIES } from '../strategist/strategy.ts';
import { backtestInTerminal } from './backtest.ts';
import { addBacktestOptions, type BacktestFlags } from './backtest-options.ts';
import { importInTerminal } from './candles.ts';
import { parametersText } from './parameters-text.ts';

const REFUSED = 2;
const BROKEN = 1;
const CLOSE_WITHIN_MS = 25_000;

const { stdout, stderr } = process;
const terminal = { stdout, stderr };
const open = () => openDesk(parseConfig(process.env), reportError);

const program = new Command('scalpdesk')
  .description('A trading desk in a Discord channel; the same in the terminal.')
  .configureOutput({ writeErr: (text) => void stderr.write(text) })
  .showHelpAfterError('(add --help for what there is)')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : REFUSED));

addBacktestOptions(program.command('backtest').description('replay past bars: table, picture and JSON')).action((flags) =>
  answer(() =>
    backtestInTerminal(flags, {
      openDesk: open,
      exchange: parseConfig(process.env).exchangeId,
      strategyIds: STRATEGIES.map(({ id }) => id),
      nowMs: () => Date.now(),
      terminal,
    }),
  ),
);

program
  .command('candles')
  .description('bars that backtests run on')
  .command('import')
  .description('keep files: from then on backtests of the symbol run on them, here and in Discord')
  .argument('<symbol=file...>', 'candle CSV (plain or .gz) of a symbol, e.g. BTC-USD=btc-5m.csv.gz')
  .option('--funding <symbol=file...>', 'funding CSV of a symbol; repeatable')
  .action((files: readonly string[], flags: BacktestFlags) => answer(() => importInTerminal(files, flags, { openDesk: open, terminal })));

program
  .command('start')
  .description('run the bot and a worker until stopped (needs DISCORD_TOKEN)')
  .action(() => answer(start));

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
  .action(
    (flags: { readonly json?: boolean }) => void stdout.write(`${flags.json === true ? JSON.stringify(PARAMETERS) : parametersText()}\n`),
  );

await program.parseAsync();

/** Runs until a signal or the end of the connection to Discord; a second signal does not wait. */
async function start(): Promise<void> {
  const { promise: ended, resolve: end } = Promise.withResolvers<string>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      end(signal);
      process.once(signal, () => process.exit(BROKEN));
    });
  }
  await using opened = new AsyncDisposableStack();
  const desk: Desk = await open();
  opened.defer(desk.close);
  const worker = await startWorker(desk);
  opened.defer(() => worker.close(CLOSE_WITHIN_MS));
  const bot = await startBot(desk, { onEnd: end, closeWithinMs: CLOSE_WITHIN_MS });
  opened.defer(bot.close);

  stderr.write('Scalpdesk is ready. Ctrl-C stops it.\n');
  const reason = await ended;
  stderr.write(`Stopping: ${reason}\n`);
  if (!reason.startsWith('SIG')) process.exitCode = BROKEN;
}

/** The one place that turns an error into words and an exit code. */
async function answer(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Refusal) {
      stderr.write(`${error.message}\n`);
      process.exitCode = REFUSED;
    } else {
      reportError(error);
      process.exitCode = BROKEN;
    }
  }
}

function reportError(error: unknown): void {
  stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  if (error instanceof Error && error.cause !== undefined) reportError(error.cause);
}
