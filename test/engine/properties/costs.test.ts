import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BacktestInput } from '../../../src/engine/backtest.ts';
import type { Replay } from '../../../src/engine/replay.ts';
import { generatedRuns } from '../../support/generated-runs.ts';
import { withPrices } from '../../support/price-changes.ts';
import { expectSeen, forCases, PROPERTY_TIMEOUT_MS } from '../../support/property-cases.ts';
import { replayOf } from '../../support/replay-of.ts';

const CASH = 10_000;

const CASES = fc.record({
  input: generatedRuns({ min: 15, max: 30 }),
  /** At such prices the account buys a few dozen steps of the smallest quantity: costs of less than a step leave every quantity as it is. */
  priceScale: fc.constantFrom(1e8, 1e9, 4e9),
  raised: fc.constantFrom('fee', 'slippage', 'both'),
  fees: fc.tuple(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 1, max: 20 })),
  slippages: fc.tuple(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 1, max: 20 })),
});

describe('higher costs', { timeout: PROPERTY_TIMEOUT_MS }, () => {
  it('never raise the result of the same trades', async () => {
    const seen = await forCases(CASES, 20_250_170, ({ input, priceScale, raised, ...costs }, note) => {
      const [feePct, slippagePct] = [costs.fees[0] / 100, costs.slippages[0] / 100];
      const moreFeePct = raised === 'slippage' ? feePct : feePct + costs.fees[1] / 100;
      const moreSlippagePct = raised === 'fee' ? slippagePct : slippagePct + costs.slippages[1] / 100;
      const cheap = replayOf(withCosts(input, { feePct, slippagePct, priceScale }));
      const dear = replayOf(withCosts(input, { feePct: moreFeePct, slippagePct: moreSlippagePct, priceScale }));
      if (whatTraded(cheap) !== whatTraded(dear) || cheap.state.tally.closesWithPosition === 0) return;
      if (raised !== 'fee' && hasLiquidatedShort(cheap)) return;

      expect(dear.state.equity).toBeLessThan(cheap.state.equity);
      note(raised);
      note('trades', cheap.trades.length);
      if (cheap.trades.length > 2) note('several trades');
      for (const { exit_reason } of cheap.trades) note(exit_reason);
    });

    expectSeen(seen, { fee: 80, slippage: 80, both: 80, trades: 500, 'several trades': 80, reversal: 30, liquidation: 2 });
  });
});

type Costs = { readonly feePct: number; readonly slippagePct: number; readonly priceScale: number };

function withCosts(input: BacktestInput, { feePct, slippagePct, priceScale }: Costs): BacktestInput {
  return {
    ...input,
    settings: { ...input.settings, initial_cash: CASH, taker_fee_pct: feePct, slippage_pct: slippagePct },
    markets: input.markets.map((market) => ({ ...market, candles: withPrices(market.candles, (price) => price * priceScale) })),
  };
}

function whatTraded({ trades, state }: Replay): string {
  const closed = trades.map(({ symbol, side, quantity, entry_time, exit_time, exit_reason }) => [
    symbol,
    side,
    quantity,
    entry_time,
    exit_time,
    exit_reason,
  ]);
  const open = state.symbols.map(({ position }) =>
    position === null ? null : [position.direction, position.quantity, position.entryTimeMs],
  );
  return JSON.stringify([closed, open]);
}

/** Its margin is taken from the fill: slippage makes that smaller for a short, and with it what a liquidation takes. */
function hasLiquidatedShort({ trades }: Replay): boolean {
  return trades.some(({ side, exit_reason }) => side === 'short' && exit_reason === 'liquidation');
}
