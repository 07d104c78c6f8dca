import { importCandles, importFunding } from '../desk/import-files.ts';
import type { Desk } from '../desk/open-desk.ts';
import { symbolSchema } from '../engine/bar.ts';
import { Refusal } from '../engine/refusal.ts';
import { LOCAL_GUILD } from '../engine/run-spec.ts';

import { list } from './backtest-ask.ts';
import { type BacktestFlags, filesBySymbol } from './backtest-options.ts';
import type { Terminal } from './terminal.ts';

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
