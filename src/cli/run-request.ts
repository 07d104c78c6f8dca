import type { BacktestAsk } from '../commands/backtest-request.ts';
import type { RequestContext } from '../commands/command.ts';
import { keepCandles, keepFunding } from '../desk/import-files.ts';
import type { Desk } from '../desk/open-desk.ts';
import { readGuildView } from '../desk/read-guild-view.ts';
import { TIMEFRAME_MS, type Timeframe } from '../engine/bar.ts';
import { Refusal } from '../engine/refusal.ts';
import { type AskedRun, LOCAL_GUILD } from '../engine/run-spec.ts';
import { askedIndicators, askOf, list } from './backtest-ask.ts';
import { type BacktestFlags, filesBySymbol } from './backtest-options.ts';

type AskedInTerminal = {
  readonly ask: BacktestAsk;
  /** Puts what only the terminal can say into the run, and keeps its files in the store. */
  readonly settle: (desk: Desk, asked: AskedRun) => Promise<AskedRun>;
};

/** What the flags of a run say by themselves; refuses what makes no sense before anything is opened. */
export async function askedRun(flags: BacktestFlags): Promise<AskedInTerminal> {
  const ask = await askOf(flags);
  const indicators = askedIndicators(flags);
  const candles = filesBySymbol('--candles', list(flags, 'candles'));
  const funding = filesBySymbol('--funding', list(flags, 'funding'));
  const hasFiles = Object.keys(candles).length > 0;
  if (!hasFiles && Object.keys(funding).length > 0)
    throw new Refusal('--funding needs --candles for the same symbol; the simulated market has funding of its own');
  return {
    ask: { ...ask, files: hasFiles ? { candles, funding } : null },
    settle: async (desk, asked) => {
      const settled = indicators === null ? asked : { ...asked, indicators };
      return hasFiles ? keepFiles(desk, settled, candles, funding) : settled;
    },
  };
}

export type RequestPorts = { readonly exchange: string; readonly strategyIds: readonly string[]; readonly nowMs: () => number };

/** What a request is resolved against: the terminal's own settings and presets. */
export async function requestContextOn({ pool }: Desk, { exchange, strategyIds, nowMs }: RequestPorts): Promise<RequestContext> {
  return { requestedAtMs: nowMs(), guild: await readGuildView(pool, LOCAL_GUILD), strategyIds, exchange };
}

/** Keeps the files in the store and puts their sources in the place of their paths. */
async function keepFiles(
  { pool }: Desk,
  asked: AskedRun,
  candles: Readonly<Record<string, string>>,
  funding: Readonly<Record<string, string>>,
): Promise<AskedRun> {
  const kept: { candles: Record<string, string>; funding: Record<string, string> } = { candles: {}, funding: {} };
  for (const symbol of asked.symbols) {
    const path = candles[symbol];
    if (path !== undefined) kept.candles[symbol] = await keepBaseCandles(pool, symbol, path, asked.timeframes[0]);
    const fundingPath = funding[symbol];
    if (fundingPath !== undefined) kept.funding[symbol] = (await keepFunding(pool, symbol, fundingPath)).source;
  }
  return { ...asked, candleSource: { kind: 'files', ...kept } };
}

async function keepBaseCandles(pool: Desk['pool'], symbol: string, path: string, base: Timeframe): Promise<string> {
  const { source, timeframe } = await keepCandles(pool, symbol, path);
  if (timeframe === base) return source;
  const hint = TIMEFRAME_MS[timeframe] < TIMEFRAME_MS[base] ? `${timeframe} ${base}` : timeframe;
  throw new Refusal(`${path} holds ${timeframe} bars, but the run's base timeframe is ${base}; name it with --timeframes ${hint}`);
}
