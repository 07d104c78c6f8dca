import { resolveFetchRequest } from '../commands/fetch-request.ts';
import { showCoverage } from '../commands/show-candles.ts';
import { importCandles, importFunding } from '../desk/import-files.ts';
import type { Desk } from '../desk/open-desk.ts';
import { fetchToEnd } from '../desk/terminal-fetch.ts';
import { symbolSchema } from '../engine/bar.ts';
import { Refusal } from '../engine/refusal.ts';
import { LOCAL_GUILD } from '../engine/run-spec.ts';
import { ALL_PAGES, askedPage } from './asked-page.ts';
import { list } from './backtest-ask.ts';
import { type BacktestFlags, filesBySymbol } from './backtest-options.ts';
import { progressBar, type Terminal } from './terminal.ts';
import { onDesk, print, printJson } from './terminal-desk.ts';

type Ports = { readonly openDesk: () => Promise<Desk>; readonly terminal: Terminal };

/** `scalpdesk candles import`: files that every guild's backtests may run on. */
export async function importInTerminal(files: readonly string[], flags: BacktestFlags, { openDesk, terminal }: Ports): Promise<void> {
  const candles = Object.entries(filesBySymbol('import', files));
  const funding = Object.entries(filesBySymbol('--funding', list(flags, 'funding')));
  for (const [symbol] of [...candles, ...funding]) {
    if (!symbolSchema.safeParse(symbol).success) throw new Refusal(`"${symbol}" is no market; it must be BASE-QUOTE, e.g. BTC-USD`);
  }
  await using opened = new AsyncDisposableStack();
  const desk = await openDesk();
  opened.defer(desk.close);
  for (const [symbol, path] of candles) {
    const { timeframe, bars } = await importCandles(desk.pool, LOCAL_GUILD, symbol, path);
    terminal.stdout.write(`${symbol}: ${bars} bars of ${timeframe} from ${path}\n`);
  }
  for (const [symbol, path] of funding) {
    const { rates } = await importFunding(desk.pool, LOCAL_GUILD, symbol, path);
    terminal.stdout.write(`${symbol}: ${rates} funding rates from ${path}\n`);
  }
}

export type FetchFlags = {
  readonly symbol: string;
  readonly timeframe: string;
  readonly exchange?: string;
  readonly days?: string;
  readonly start?: string;
  readonly end?: string;
  readonly json?: boolean;
};

type FetchPorts = Ports & {
  /** Where bars come from when no other exchange is named. */
  readonly exchange: string;
  readonly nowMs: () => number;
};

/** `scalpdesk candles fetch`: the same request and queue as in Discord. */
export async function fetchInTerminal(flags: FetchFlags, { openDesk, terminal, exchange, nowMs }: FetchPorts): Promise<void> {
  const { symbol, timeframe, days = null, start = null, end = null, json = false } = flags;
  const asked = resolveFetchRequest({ exchange: flags.exchange ?? exchange, symbol, timeframe, days, start, end }, nowMs());
  await using opened = new AsyncDisposableStack();
  const desk = await openDesk();
  opened.defer(desk.close);
  const bar = progressBar(terminal);
  const { fetch, message } = await fetchToEnd(desk, asked, bar.show).finally(bar.end);
  if (json) printJson(terminal, fetch);
  else print(terminal, message);
}

/** `scalpdesk candles coverage`: what is kept. */
export async function showCoverageInTerminal(
  { page, json = false }: { readonly page?: string; readonly json?: boolean },
  { openDesk, terminal }: Ports,
): Promise<void> {
  const wanted = askedPage(page);
  await onDesk(openDesk, async (desk) => {
    if (json) printJson(terminal, await desk.listSeries(ALL_PAGES));
    else print(terminal, await showCoverage(wanted, desk));
  });
}
