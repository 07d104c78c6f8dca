import { describe, expect, it } from 'vitest';
import { backtest } from '../../../src/engine/backtest.ts';
import type { Trade } from '../../../src/engine/result.ts';
import type { Run } from '../../../src/engine/step/run.ts';
import { generatedRuns } from '../../support/generated-runs.ts';
import { expectSeen, forCases, PROPERTY_TIMEOUT_MS } from '../../support/property-cases.ts';
import { stepThrough } from '../../support/step-through.ts';

const RUNS = generatedRuns({ min: 20, max: 40 });

describe('the account of any run', { timeout: PROPERTY_TIMEOUT_MS }, () => {
  it('ends with the initial cash, what closed trades made and what open ones are worth', async () => {
    const seen = await forCases(RUNS, 20_250_106, (input, note) => {
      const { summary, trades, open_positions, equity, blocks, events } = backtest(input);

      const closed = trades.reduce((sum, { pnl }) => sum + pnl, 0);
      const open = open_positions.reduce((sum, { unrealised_pnl, fees, funding }) => sum + unrealised_pnl - fees - funding, 0);
      const { initial_cash } = input.settings;
      expectNear(summary.final_equity, initial_cash + closed + open, initial_cash);
      expect(summary.final_equity).toBe(equity.values.at(-1));
      expect(summary.total_trades).toBe(trades.length);
      for (const trade of trades) expectSensible(trade);

      for (const { exit_reason } of trades) note(exit_reason);
      for (const { kind } of events) note(kind);
      for (const reason of Object.keys(blocks)) note(reason);
      note('open', open_positions.length);
    });

    expectSeen(seen, { closed: 5_000, liquidated: 40, open: 400, funding: 7_000, replan_requested: 5_000, replan_suppressed: 500 });
    expectSeen(seen, { stop: 1_000, target: 1_000, liquidation: 40, exit_rule: 500, reversal: 1_000, emergency_exit: 150, walk_away: 200 });
    expectSeen(seen, {
      halt: 1,
      walk_away_counterfactual: 150,
      no_stop: 200,
      halted: 15,
      walked_away: 100,
      emergency: 150,
      max_trades: 150,
    });
    expectSeen(seen, { already_positioned: 300, min_hold: 80, cooldown: 120, price_move: 80, risk_budget: 100, daily_loss: 100 });
    expectSeen(seen, { portfolio_exposure: 30, margin: 2, short_on_spot: 100, below_minimum: 2 });
  });

  it('is at every close what had been made by then and what was open is worth', async () => {
    const seen = await forCases(RUNS, 20_250_107, (input, note) => {
      const { initial_cash } = input.settings;
      const closes: Close[] = [];
      const { trades } = stepThrough(input, { look: (run, closeMs) => closes.push(closeOf(run, closeMs)) });

      for (const { closeMs, equity, openWorth, held } of closes) {
        // What closes at the next open has this close's time, but was still held at it.
        const gone = trades.filter(
          ({ symbol, entry_time, exit_time }) => entry_time < closeMs && exit_time <= closeMs && !held.has(`${symbol} ${entry_time}`),
        );
        const made = gone.reduce((sum, { pnl }) => sum + pnl, 0);
        expectNear(equity, initial_cash + made + openWorth, initial_cash);
        note('held', held.size);
      }
      note('trades', trades.length);
    });

    expectSeen(seen, { trades: 5_000, held: 10_000 });
  });
});

type Close = { readonly closeMs: number; readonly equity: number; readonly openWorth: number; readonly held: ReadonlySet<string> };

function closeOf({ state, program }: Run, closeMs: number): Close {
  const held = new Set<string>();
  let openWorth = 0;
  state.symbols.forEach(({ position, mark }, index) => {
    if (position === null || mark === null) return;
    const { direction, quantity, entryPrice, entryFee, fundingPaid, entryTimeMs } = position;
    openWorth += direction * quantity * (mark - entryPrice) - entryFee - fundingPaid;
    held.add(`${program.symbols[index]?.symbol} ${entryTimeMs}`);
  });
  return { closeMs, equity: state.equity, openWorth, held };
}

function expectNear(value: number, wanted: number, size: number): void {
  if (!(Math.abs(value - wanted) <= 1e-9 * size)) expect(value).toBe(wanted);
}

/** What every closed trade must be, whatever happened. */
function expectSensible({ side, quantity, entry_price, exit_price, entry_time, exit_time, ...trade }: Trade): void {
  const direction = side === 'long' ? 1 : -1;
  const isSensible = quantity > 0 && exit_time >= entry_time && (trade.exit_reason !== 'target' || trade.target !== null);
  if (!isSensible) expect.fail(`A ${side} of ${quantity} from ${entry_time} to ${exit_time}, out by ${trade.exit_reason}`);
  expectNear(trade.pnl, direction * quantity * (exit_price - entry_price) - trade.fees - trade.funding, quantity * entry_price);
}
