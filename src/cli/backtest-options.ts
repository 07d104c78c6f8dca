import type { Command } from 'commander';
import { TIMEFRAMES } from '../engine/bar.ts';
import { INDICATOR_SOURCES } from '../engine/indicators/indicator-source.ts';
import { PARAMETERS } from '../engine/parameters.ts';
import { RUN_PRESETS, WHIPSAW_PRESETS } from '../engine/presets.ts';
import { Refusal } from '../engine/refusal.ts';
import { formatSetting } from '../engine/settings.ts';
import { rangeOf } from '../render/range-text.ts';

/** What commander makes of the flags; parameters come under their camel-cased names. */
export type BacktestFlags = Readonly<Record<string, string | readonly string[] | boolean | undefined>>;

/** The flags of `backtest`: those of the run, and every parameter of the registry by its own name. */
export function addBacktestOptions(command: Command): Command {
  command
    .option('--preset <name>', `where the settings start: ${RUN_PRESETS.map(({ name }) => name).join(', ')}`)
    .option('--symbols <symbols...>', 'markets, BASE-QUOTE, e.g. BTC-USD ETH-USD')
    .option('--pair <symbol>', 'one market; the same as --symbols with one')
    .option('--timeframes <timeframes...>', `base timeframe first, then higher ones: ${TIMEFRAMES.join(' ')}`)
    .option('--days <days>', 'history, counted back from the last closed bar')
    .option('--start <time>', 'first bar, UTC: 2025-10-01 or 2025-10-01T12:00')
    .option('--end <time>', 'no bar opens at or after it, UTC; default the last closed bar')
    .option('--leverage <factor>', '0.5 to 5; the same as max_portfolio_exposure_pct / 100')
    .option('--whipsaw <level>', `protection against flip-flopping: ${Object.keys(WHIPSAW_PRESETS).join(', ')}`)
    .option('--instrument <kind>', 'perpetual (default) or spot')
    .option('--strategy <id>', 'built-in plan; default the one of the preset')
    .option('--plan <file>', 'JSON file with a plan of your own')
    .option('--candles <symbol=file...>', 'candle CSV (plain or .gz) of a symbol; repeatable')
    .option('--funding <symbol=file...>', 'funding CSV of a symbol; repeatable')
    .option('--seed <number>', 'which simulated market, when no candle files are given')
    .option('--indicators <source>', `${INDICATOR_SOURCES.join(' (default) or ')}: our own code, or trading-signals to check it`)
    .option('--set <name=value...>', 'any parameter; repeatable')
    .option('--out <dir>', 'where the picture and the trades go; default out')
    .option('--json', 'print the run as one JSON object');
  for (const parameter of PARAMETERS) {
    command.option(
      `--${parameter.name.replaceAll('_', '-')} <value>`,
      `${parameter.meaning}: ${rangeOf(parameter)}; default ${formatSetting(parameter.default)}`,
    );
  }
  return command;
}

/** The parameters given by their own flags, as typed. */
export function parameterFlags(flags: BacktestFlags): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    PARAMETERS.flatMap(({ name }) => {
      const value = flags[name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** `SYMBOL=FILE` pairs by symbol. */
export function filesBySymbol(flag: string, pairs: readonly string[]): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const pair of pairs) {
    const [, symbol, file] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
    if (symbol === undefined || file === undefined)
      throw new Refusal(`${flag} ${pair} is not SYMBOL=FILE; write e.g. ${flag} BTC-USD=btc-5m.csv.gz`);
    if (symbol in files) throw new Refusal(`${flag} names ${symbol} twice, ${files[symbol]} and ${file}; keep one`);
    files[symbol.toUpperCase()] = file;
  }
  return files;
}
