import fc from 'fast-check';
import { describe, it } from 'vitest';
import { type BacktestInput, backtest } from '../../../src/engine/backtest.ts';
import type { OpenPosition, RunResult, Trade } from '../../../src/engine/result.ts';
import { generatedRuns } from '../../support/generated-runs.ts';
import { withPrices } from '../../support/price-changes.ts';
import { expectSame, expectSeen, forCases, type Note, PROPERTY_TIMEOUT_MS } from '../../support/property-cases.ts';

/**
 * Powers of two leave every digit of a double alone, so that the results must be equal to the bit. At prices of about 1e-16 even the smallest
 * entry is of so many units that rounding down to 1e-8 changes nothing, and a cash of millions leaves no entry near the minimum of 10.
 */
const CASH = 2 ** 23;
const PRICE_SCALE = 2 ** -60;

const CASES = fc.record({
  input: generatedRuns({ min: 15, max: 30 }),
  power: fc.oneof(fc.constant(0), fc.integer({ min: -8, max: 20 })),
  cash: fc.constantFrom(1, 2),
});

describe('twice the cash at prices times a power of two', { timeout: PROPERTY_TIMEOUT_MS }, () => {
  it('comes to twice the money, quantities to match and the same percentages', async () => {
    const seen = await forCases(CASES, 20_250_180, ({ input, power, cash }, note) => {
      const scale = { cash, price: 2 ** power };
      const here = backtest(scaled(input, { cash: 1, price: 1 }));
      const there = backtest(scaled(input, scale));

      expectSame(essenceOf(there), scaledEssence(here, scale), 'results');
      noteWhatHappened(here, note);
      note(power === 0 ? 'cash alone' : cash === 1 ? 'prices alone' : 'both');
    });

    expectSeen(seen, { trades: 3_500, open: 300, reversal: 700, liquidation: 8, walk_away: 150 });
    expectSeen(seen, { 'cash alone': 200, 'prices alone': 200, both: 200 });
  });
});

type Scale = { readonly cash: number; readonly price: number };

function scaled(input: BacktestInput, { cash, price }: Scale): BacktestInput {
  return {
    ...input,
    settings: { ...input.settings, initial_cash: CASH * cash, margin_model: 'flat' },
    markets: input.markets.map((market) => ({ ...market, candles: withPrices(market.candles, (seen) => seen * PRICE_SCALE * price) })),
  };
}

/** Everything that is a price, a quantity, money or a share of it. */
function essenceOf({ summary, trades, open_positions, equity, blocks_by_trigger, events }: RunResult): unknown {
  return { summary, trades, open_positions, equity, blocks_by_trigger, events: events.map(({ kind, time }) => [kind, time]) };
}

function scaledEssence(result: RunResult, scale: Scale): unknown {
  const { summary, trades, open_positions, equity } = result;
  const { cash } = scale;
  const { initial_cash, final_equity, fees, funding, walk_away_events } = summary;
  return essenceOf({
    ...result,
    summary: {
      ...summary,
      initial_cash: initial_cash * cash,
      final_equity: final_equity * cash,
      fees: fees * cash,
      funding: funding * cash,
      walk_away_events: walk_away_events.map((event) => ({ ...event, equity_at_trigger: event.equity_at_trigger * cash })),
    },
    trades: trades.map((trade) => ({
      ...held(trade, scale),
      exit_price: trade.exit_price * scale.price,
      pnl: trade.pnl * cash,
    })),
    open_positions: open_positions.map((open) => ({
      ...held(open, scale),
      liquidation_price: open.liquidation_price === null ? null : open.liquidation_price * scale.price,
      unrealised_pnl: open.unrealised_pnl * cash,
    })),
    equity: { ...equity, values: equity.values.map((marked) => marked * cash) },
  });
}

function held<Held extends Trade | OpenPosition>(position: Held, { cash, price }: Scale): Held {
  return {
    ...position,
    entry_price: position.entry_price * price,
    quantity: (position.quantity * cash) / price,
    stop: position.stop * price,
    target: position.target === null ? null : position.target * price,
    fees: position.fees * cash,
    funding: position.funding * cash,
  };
}

function noteWhatHappened({ trades, open_positions, summary }: RunResult, note: Note): void {
  note('trades', trades.length);
  note('open', open_positions.length);
  note('walk_away', summary.walk_away_events.length);
  for (const { exit_reason } of trades) note(exit_reason);
}
