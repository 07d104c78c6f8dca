import { parseArgs } from 'node:util';
import { compare } from '../src/engine/compare.ts';
import { findRunPreset } from '../src/engine/presets.ts';
import type { RunResult } from '../src/engine/result.ts';
import { effectiveSettings } from '../src/engine/settings.ts';
import { planOfStrategy } from '../src/strategist/strategy.ts';
import { readMarket } from './real-markets.ts';

/**
 * Compares leverages of scalper-5m over real months of BTC and ETH that lie in a folder as *_BTC-USDT_5m_*.csv.gz and
 * *_BTC-USDT_funding_*.csv.gz, and says of each whether and why it was liquidated: node bench/leverages.ts [folder]
 */
const { positionals } = parseArgs({ allowPositionals: true });
const folder = positionals[0] ?? '../shared/data';
const LEVERAGES = [1, 2, 3, 5];
const preset = findRunPreset('scalper-5m');

for (const symbols of [['BTC-USD'], ['ETH-USD'], ['BTC-USD', 'ETH-USD']]) {
  const { variants, labels, notes } = compare({
    base: {
      settings: effectiveSettings(preset.overrides),
      plan: planOfStrategy('aggressive_active', symbols, '5m'),
      timeframes: preset.timeframes,
      instrument: 'perpetual',
      exchange: 'binanceusdm',
      startMs: null,
      markets: symbols.map((symbol) => readMarket(folder, symbol)),
      source: 'files',
      simulated: false,
    },
    variations: LEVERAGES.map((leverage) => ({ max_portfolio_exposure_pct: leverage * 100 })),
    labels: LEVERAGES.map((leverage) => `${leverage}×`),
  });
  process.stdout.write(`\n${symbols.join(' and ')}\n`);
  variants.forEach((variant, index) => {
    process.stdout.write(`${labels[index]?.padStart(3)}  ${describe(variant)}\n`);
  });
  for (const note of notes) process.stdout.write(`     ${note}\n`);
}

function describe({ summary, trades }: RunResult): string {
  const liquidated = trades.filter(({ exit_reason }) => exit_reason === 'liquidation');
  const nearest = summary.nearest_liquidation_pct;
  const first = liquidated[0];
  const fate =
    first !== undefined
      ? `liquidated ${liquidated.length} ×, first the ${first.side} of ${first.symbol} at ${new Date(first.exit_time).toISOString().slice(0, 16)}, entered at ${first.entry_price}`
      : nearest === null
        ? 'cannot be liquidated'
        : `not liquidated: stops come first, nearest approach ${nearest.toFixed(2)} %`;
  return [
    `return ${summary.equity_return_pct.toFixed(2)} %`,
    `drawdown ${summary.max_drawdown_pct.toFixed(2)} %`,
    `${summary.total_trades} trades`,
    `fees ${summary.fees.toFixed(0)}`,
    `funding ${summary.funding.toFixed(2)}`,
    fate,
  ].join(' · ');
}
