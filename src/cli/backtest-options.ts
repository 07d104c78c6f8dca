import type { Command } from 'commander';
import { TIMEFRAMES } from '../engine/bar.ts';
import { INDICATOR_SOURCES } from '../engine/indicators/indicator-source.ts';
import { PARAMETERS } from '../engine/parameters.ts';
import { RUN_PRESETS, WHIPSAW_PRESETS } from '../engine/presets.ts';
import { Refusal } from '../engine/refusal.ts';
import { formatSetting } from '../engine/settings.ts';
import { PLANNING_MODES, STRATEGIST_STYLES } from '../engine/strategist-spec.ts';
import { rangeOf } from '../render/range-text.ts';

/** What commander makes of the flags; parameters come under their camel-cased names. */
export type BacktestFlags = Readonly<Record<string, string | readonly string[] | boolean | undefined>>;

/** The flags of `backtest`: those of the run, and every parameter of the registry by its own name. */
export function addBacktestOptions(command: Command): Command {
  return addRunOptions(command.option('--leverage <factor>', '0.5 to 5; the same as max_portfolio_exposure_pct / 100'));
}

/** The flags of `compare`: what is varied, and the base as a backtest. */
export function addCompareOptions(command: Command): Command {
  return addRunOptions(
    command
      .option('--leverage <factors>', 'leverages to compare, 0.5 to 5 with commas between, e.g. 1,2,3,5')
      .option('--vary <name=value,value...>', 'one or two parameters, e.g. max_position_risk_pct=2,4,6; repeatable')
      .option('--labels <labels>', 'what to call the variants, one each with commas between'),
  );
}

function addRunOptions(command: Command): Command {
  command
    .option('--preset <name>', `where the settings start: one of your own or ${RUN_PRESETS.map(({ name }) => name).join(', ')}`)
    .option('--symbols <symbols...>', 'markets, BASE-QUOTE, e.g. BTC-USD ETH-USD')
    .option('--pair <symbol>', 'one market; the same as --symbols with one')
    .option('--timeframes <timeframes...>', `base timeframe first, then higher ones: ${TIMEFRAMES.join(' ')}`)
    .option('--days <days>', 'history, counted back from the last closed bar')
    .option('--start <time>', 'first bar, UTC: 2025-10-01 or 2025-10-01T12:00')
    .option('--end <time>', 'no bar opens at or after it, UTC; default the last closed bar')
    .option('--whipsaw <level>', `protection against flip-flopping: ${Object.keys(WHIPSAW_PRESETS).join(', ')}`)
    .option('--instrument <kind>', 'perpetual (default) or spot')
    .option('--strategy <id>', 'built-in plan; default the one of the preset')
    .option('--plan <file>', 'JSON file with a plan of your own')
    .option('--llm-strategist [style]', `who plans and plans again: ${STRATEGIST_STYLES.join(', ')}; default aggressive_active`)
    .option('--llm-prompt <file>', 'text file that says how the strategist should trade')
    .option('--llm-run-id <id>', "names the recording of the strategist's answers")
    .option('--llm-mode <mode>', `${PLANNING_MODES.join(', ')}; default record: what was answered before is not asked again`)
    .option('--candles <symbol=file...>', 'candle CSV (plain or .gz) of a symbol; repeatable')
    .option('--funding <symbol=file...>', 'funding CSV of a symbol; repeatable')
    .option('--seed <number>', 'which simulated market, when no candle files are given')
    .option('--indicators <source>', `${INDICATOR_SOURCES.join(' (default) or ')}: our own code, or trading-signals to check it`)
    .option('--set <name=value...>', 'any parameter; repeatable')
    .option('--out <dir>', 'where the picture and the trades go; default out')
    .option('--json', 'print everything as one JSON object');
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
