import { resolveBacktestRequest } from '../commands/backtest-request.ts';
import { openChartService } from '../desk/chart-service.ts';
import { keepCandles, keepFunding } from '../desk/import-files.ts';
import type { Desk } from '../desk/open-desk.ts';
import { composeRunCard } from '../desk/run-card.ts';
import { writeRunFiles } from '../desk/run-files.ts';
import { runToEnd } from '../desk/terminal-run.ts';
import { TIMEFRAME_MS, type Timeframe } from '../engine/bar.ts';
import { NOTHING_SET } from '../engine/guild-view.ts';
import { Refusal } from '../engine/refusal.ts';
import type { AskedRun } from '../engine/run-spec.ts';
import { plainText } from '../render/plain-text.ts';
import { runAsJson } from '../render/run-export.ts';
import { askedIndicators, askOf, list, text } from './backtest-ask.ts';
import { type BacktestFlags, filesBySymbol } from './backtest-options.ts';
import { progressBar, type Terminal } from './terminal.ts';

const DEFAULT_FOLDER = 'out';

export type BacktestPorts = {
  /** Opened only once the flags are known to make sense. */
  readonly openDesk: () => Promise<Desk>;
  readonly exchange: string;
  readonly strategyIds: readonly string[];
  readonly nowMs: () => number;
  readonly terminal: Terminal;
};

/** `scalpdesk backtest`: the same request, queue and engine as in Discord, printed and written to files. */
export async function backtestInTerminal(flags: BacktestFlags, { openDesk, terminal, ...ports }: BacktestPorts): Promise<void> {
  const ask = await askOf(flags);
  const indicators = askedIndicators(flags);
  const candles = filesBySymbol('--candles', list(flags, 'candles'));
  const funding = filesBySymbol('--funding', list(flags, 'funding'));
  const hasFiles = Object.keys(candles).length > 0;
  if (!hasFiles && Object.keys(funding).length > 0)
    throw new Refusal('--funding needs --candles for the same symbol; the simulated market has funding of its own');
  const request = { requestedAtMs: ports.nowMs(), guild: NOTHING_SET, strategyIds: ports.strategyIds, exchange: ports.exchange };
  const resolved = resolveBacktestRequest({ ...ask, files: hasFiles ? { candles, funding } : null }, request);
  const asked = indicators === null ? resolved : { ...resolved, indicators };

  await using opened = new AsyncDisposableStack();
  const desk = await openDesk();
  opened.defer(desk.close);
  const spec = hasFiles ? await keepFiles(desk, asked, candles, funding) : asked;
  const bar = progressBar(terminal);
  const run = await runToEnd(desk, spec, bar.show).finally(bar.end);
  if (run.result === null) throw new Error(`Run ${run.id} is done without a result`);

  const isJson = flags.json === true;
  const folder = text(flags, 'out') ?? (isJson ? null : DEFAULT_FOLDER);
  if (isJson) terminal.stdout.write(`${JSON.stringify(runAsJson(run.id, run.result))}\n`);
  if (isJson && folder === null) return;

  const charts = await openChartService(desk.config);
  opened.defer(charts.close);
  const card = await composeRunCard({ pool: desk.pool, chartUrl: charts.url, reportError: desk.reportError }, run, null);
  if (!isJson) terminal.stdout.write(`${plainText(card)}\n\n`);
  if (folder === null) return;
  const paths = await writeRunFiles(folder, run.id, run.result, card);
  terminal.stderr.write(`${paths.map((path) => `wrote ${path}`).join('\n')}\n`);
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
