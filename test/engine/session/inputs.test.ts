import { describe, expect, it } from 'vitest';
import type { InputOf, SessionInput } from '../../../src/engine/session/input.ts';
import { sessionInputSchema } from '../../../src/engine/session/input.ts';
import { openSession, type Session } from '../../../src/engine/session/session.ts';
import type { SessionStep } from '../../../src/engine/session/session-step.ts';
import { step } from '../../../src/engine/session/step.ts';
import type { Overrides } from '../../../src/engine/settings.ts';
import type { Fills } from '../../../src/engine/step/run.ts';
import { closeMs, openMs, planWith, type Row, SYMBOL, settingsWith, still, triggerWith } from '../../support/bars.ts';

type Opening = { readonly fills?: Fills; readonly settings?: Overrides; readonly trigger?: Readonly<Record<string, unknown>> };

const LONG = { target: { kind: 'pct', pct: 8 }, exit: 'volume == 2' } as const;

function opened({ fills = 'simulated', settings = {}, trigger = LONG }: Opening = {}): Session {
  return openSession(
    { symbols: [SYMBOL], timeframes: ['5m'], instrument: 'perpetual', exchange: 'bybit', fills },
    settingsWith(settings),
    planWith([triggerWith(trigger)]),
  );
}

function bar(index: number, [open, high, low, close, volume = 0]: Row): InputOf<'bars'> {
  return { kind: 'bars', openTimeMs: openMs(index), bars: { [SYMBOL]: { open, high, low, close, volume } } };
}

/** Every input in turn; the last answer. */
function feed(session: Session, ...inputs: readonly SessionInput[]): SessionStep {
  let last: SessionStep = { session, events: [], trades: [], blocks: [], intents: [], request: null };
  for (const input of inputs) last = step(last.session, sessionInputSchema.parse(JSON.parse(JSON.stringify(input))));
  return last;
}

const positionOf = ({ session }: SessionStep) => session.account.symbols[0]?.position ?? null;
const ENTRY_ID = `${SYMBOL}:${closeMs(0)}:entry`;

function fill(changes: Partial<InputOf<'fill'>>): InputOf<'fill'> {
  const price = changes.price ?? 100;
  return {
    kind: 'fill',
    timeMs: openMs(1) + 400,
    barOpenMs: openMs(1),
    symbol: SYMBOL,
    orderId: ENTRY_ID,
    side: 'open',
    reason: null,
    price,
    seenPrice: price,
    worstPrice: price,
    quantity: 10,
    fee: 1,
    ...changes,
  };
}

describe('a live session', () => {
  const live = () => opened({ fills: 'reported' });

  it('sends an entry with its stop and target, and holds nothing until it hears of a fill', () => {
    const decided = feed(live(), bar(0, still(100, 1)));
    expect(decided.intents).toEqual([
      {
        kind: 'place',
        id: ENTRY_ID,
        symbol: SYMBOL,
        side: 'buy',
        quantity: 10,
        reduce_only: false,
        reason: 'entry',
        stop: 90,
        target: 108,
        decided_at: closeMs(0),
      },
    ]);

    const later = feed(decided.session, bar(1, still(100)), bar(2, [100, 120, 80, 100]));
    expect(positionOf(later)).toBeNull();
    expect(later.session.account.symbols[0]?.order).toMatchObject({ kind: 'entry' });
  });

  it('holds at the mean price what an order was filled with in parts', () => {
    const parts = feed(
      live(),
      bar(0, still(100, 1)),
      fill({ quantity: 4, price: 100, fee: 0.4 }),
      fill({ quantity: 6, price: 105, fee: 0.63, timeMs: openMs(1) + 900 }),
    );

    expect(positionOf(parts)).toMatchObject({ quantity: 10, entryPrice: 103, entryFee: expect.closeTo(1.03, 12), stop: 90, target: 108 });
    expect(parts.session.account.symbols[0]?.order).toBeNull();
    expect(parts.session.account.cash).toBeCloseTo(10_000 - 1.03, 9);
  });

  it('makes a trade of each part that closes, and comes to the sum of them', () => {
    const held = feed(live(), bar(0, still(100, 1)), fill({ fee: 1 }), bar(1, still(100, 2)));
    const exitId = held.intents[0]?.id ?? '';
    expect(held.intents).toEqual([expect.objectContaining({ side: 'sell', quantity: 10, reduce_only: true, reason: 'exit_rule' })]);

    const exit = { orderId: exitId, side: 'close', barOpenMs: openMs(2), timeMs: openMs(2) + 10 } as const;
    const first = feed(held.session, fill({ ...exit, quantity: 4, price: 110, fee: 0.5 }));
    expect(first.trades).toEqual([
      expect.objectContaining({ quantity: 4, pnl: expect.closeTo(40 - 0.4 - 0.5, 9), exit_reason: 'exit_rule' }),
    ]);
    expect(positionOf(first)).toMatchObject({ quantity: 6 });

    const second = feed(first.session, fill({ ...exit, quantity: 6, price: 112, fee: 0.5 }));
    expect(second.trades).toEqual([expect.objectContaining({ quantity: 6, pnl: expect.closeTo(72 - 0.6 - 0.5, 9) })]);
    expect(positionOf(second)).toBeNull();
    expect(second.session.account.cash).toBeCloseTo(10_000 + 40 + 72 - 2, 9);
  });

  it('takes a waiting exit back when the venue closed the position by a stop', () => {
    const stopped = feed(
      live(),
      bar(0, still(100, 1)),
      fill({}),
      bar(1, still(100, 2)),
      fill({ orderId: null, side: 'close', reason: 'stop', price: 90, barOpenMs: openMs(2), timeMs: openMs(2) + 10 }),
    );

    expect(stopped.intents).toEqual([{ kind: 'withdraw', id: `${SYMBOL}:${closeMs(1)}:exit`, symbol: SYMBOL }]);
    expect(stopped.trades).toEqual([expect.objectContaining({ exit_reason: 'stop', exit_price: 90 })]);
  });

  it('trades on when the venue refuses an order', () => {
    const refused = feed(live(), bar(0, still(100, 1)), {
      kind: 'order_closed',
      timeMs: openMs(1),
      orderId: ENTRY_ID,
      reason: 'insufficient funds',
    });
    expect(refused.events).toEqual([
      { time: openMs(1), kind: 'order_closed', symbol: SYMBOL, order_id: ENTRY_ID, reason: 'insufficient funds' },
    ]);
    expect(feed(refused.session, bar(1, still(100, 1))).intents).toEqual([expect.objectContaining({ kind: 'place', reason: 'entry' })]);
  });

  it('walks away at a price between two bars, and closes what it holds', () => {
    const settings = { walk_away_enabled: true, walk_away_profit_target_pct: 5 };
    const held = feed(opened({ fills: 'reported', settings }), bar(0, still(100, 1)), fill({ fee: 0 }), bar(1, still(100)));
    const near = feed(held.session, { kind: 'mark', timeMs: openMs(2) + 60_000, prices: { [SYMBOL]: 149.9 } });
    expect(near.events).toEqual([]);

    const away = feed(near.session, { kind: 'mark', timeMs: openMs(2) + 61_000, prices: { [SYMBOL]: 150 } });
    expect(away.events).toEqual([
      expect.objectContaining({ kind: 'walk_away', time: openMs(2) + 61_000, trigger: 'profit_target', daily_return_pct: 5 }),
    ]);
    expect(away.intents).toEqual([expect.objectContaining({ side: 'sell', quantity: 10, reduce_only: true, reason: 'walk_away' })]);
  });

  it.each([
    ['a fill of another order', fill({ orderId: 'BTC-USD:1:entry' }), /names order BTC-USD:1:entry, but BTC-USD:\d+:entry is what waits/],
    ['more than was ordered', fill({ quantity: 10.5 }), /opens 10.5 of BTC-USD, but 10 are what is left/],
    ['a close of nothing', fill({ orderId: null, side: 'close', reason: 'stop' }), /nothing is open that it could close/],
    ['a close without order or reason', fill({ orderId: null, side: 'close' }), /needs its reason: stop, target or liquidation/],
    ['another symbol', fill({ symbol: 'ETH-USD' }), /does not trade ETH-USD; its symbols are BTC-USD/],
    [
      'an order that does not wait',
      { kind: 'order_closed', timeMs: openMs(1), orderId: 'x', reason: 'gone' } as const,
      /Order x was reported as closed, but it does not wait/,
    ],
  ] as const)('refuses %s', (_, input, message) => {
    const { session } = feed(live(), bar(0, still(100, 1)));
    expect(() => step(session, input)).toThrow(message);
  });

  it('never lets a closing fill open a position of the other side', () => {
    const { session } = feed(live(), bar(0, still(100, 1)), fill({}), bar(1, still(100)));
    const tooMuch = fill({ orderId: null, side: 'close', reason: 'stop', quantity: 11, barOpenMs: openMs(2) });
    expect(() => step(session, tooMuch)).toThrow(/closes 11 of BTC-USD, but 10 are held; a closing fill never opens/);
  });
});

/** Inputs of which the last cannot be. */
const IMPOSSIBLE: readonly (readonly [what: string, inputs: readonly SessionInput[], message: RegExp])[] = [
  ['bars twice', [bar(0, still(100)), bar(0, still(100))], /Bars of 2025-01-06T00:00 came after those of 2025-01-06T00:00/],
  ['older bars', [bar(3, still(100)), bar(2, still(100))], /bars go from oldest to newest, each once/],
  [
    'a bar that is not aligned',
    [{ ...bar(0, still(100)), openTimeMs: openMs(0) + 1 }],
    /A bar of BTC-USD is not usable: time .* is not aligned to 5m/,
  ],
  ['a bar that cannot be', [bar(0, [100, 99, 98, 99])], /A bar of BTC-USD is not usable: high 99 is below the open 100/],
  ['no bars', [{ kind: 'bars', openTimeMs: openMs(0), bars: {} }], /No bars came for 2025-01-06T00:00/],
  [
    'history after the first traded bar',
    [
      bar(1, still(100)),
      { kind: 'history', symbol: SYMBOL, bars: [{ openTimeMs: openMs(0), open: 1, high: 1, low: 1, close: 1, volume: 0 }] },
    ],
    /History of BTC-USD came after the first traded bar/,
  ],
  [
    'funding that came too late',
    [bar(0, still(100)), bar(1, still(100)), { kind: 'funding', symbol: SYMBOL, dueMs: openMs(1), rate: 0.01 }],
    /Funding of BTC-USD due at 2025-01-06T00:05 came after the bar of 2025-01-06T00:05/,
  ],
  [
    'funding twice',
    [
      { kind: 'funding', symbol: SYMBOL, dueMs: openMs(1), rate: 0.01 },
      { kind: 'funding', symbol: SYMBOL, dueMs: openMs(1), rate: 0.02 },
    ],
    /came twice; each is paid once/,
  ],
  [
    'a price from before the last close',
    [bar(1, still(100)), { kind: 'mark', timeMs: closeMs(0), prices: { [SYMBOL]: 100 } }],
    /it is too old/,
  ],
  ['an unknown setting', [{ kind: 'settings', timeMs: 0, changes: { max_position_risk: 2 } }], /the nearest is max_position_risk_pct/],
  ['other cash', [{ kind: 'settings', timeMs: 0, changes: { initial_cash: 500 } }], /initial_cash is 10000 for the whole session/],
  ['a resume of what runs', [{ kind: 'resume', timeMs: 0 }], /there is nothing to resume/],
];

describe('a paper session', () => {
  it('tells once a day that a price between bars reached the target, and trades on', () => {
    const settings = { walk_away_enabled: true, walk_away_profit_target_pct: 5 };
    const held = feed(opened({ settings, trigger: {} }), bar(0, still(100, 1)), bar(1, still(100)));
    const mark = (minutes: number) => ({ kind: 'mark', timeMs: openMs(2) + minutes * 60_000, prices: { [SYMBOL]: 151 } }) as const;
    const told = feed(held.session, mark(1));
    expect(told.events).toEqual([
      expect.objectContaining({ kind: 'walk_away_alert', trigger: 'profit_target', daily_return_pct: expect.closeTo(5.1, 9) }),
    ]);
    expect(told.session.account.walkedAway).toBeNull();
    expect(feed(told.session, mark(2)).events).toEqual([]);
  });

  it('refuses a reported fill', () => {
    expect(() => step(opened(), fill({}))).toThrow('A fill was reported to a paper session; its fills are simulated');
  });

  it('resumes after a walk-away when told to, once, and still hears what the day would have brought', () => {
    const settings = { walk_away_enabled: true, walk_away_loss_limit_pct: 1, walk_away_resume_next_session: false };
    const away = feed(opened({ settings, trigger: {} }), bar(0, still(100, 1)), bar(1, [100, 100, 89, 89]));
    expect(away.events.map(({ kind }) => kind)).toEqual(['opened', 'closed', 'walk_away']);

    const resumed = feed(away.session, { kind: 'resume', timeMs: openMs(2) });
    expect(resumed.events).toEqual([{ time: openMs(2), kind: 'resumed', after: 'walk_away' }]);
    const again = feed(resumed.session, bar(2, still(100, 1)), bar(3, still(100)));
    expect(
      again.events.map(({ kind }) => kind),
      'it walks away once a day',
    ).toEqual(['opened']);

    const nextDay = feed(again.session, bar(288, still(100)));
    expect(nextDay.events[0]).toMatchObject({
      kind: 'walk_away_counterfactual',
      trigger: 'loss_limit',
      stopped_at_pct: expect.closeTo(-1, 9),
    });
    expect(() => step(nextDay.session, { kind: 'resume', timeMs: openMs(289) })).toThrow(/nothing to resume/);
  });

  it('closes everything at the next open when it is halted, and opens nothing until it is resumed', () => {
    const halted = feed(opened({ trigger: {} }), bar(0, still(100, 1)), bar(1, still(100)), { kind: 'halt', timeMs: closeMs(1) });
    expect(halted.events).toEqual([{ time: closeMs(1), kind: 'halted', cause: 'command' }]);
    expect(halted.intents).toEqual([expect.objectContaining({ side: 'sell', reduce_only: true, reason: 'halt' })]);

    const closed = feed(halted.session, bar(2, still(101, 1)));
    expect(closed.trades).toEqual([expect.objectContaining({ exit_reason: 'halt', exit_time: openMs(2), exit_price: 101 })]);
    expect(closed.blocks).toEqual([{ trigger_id: 'long', reason: 'halted' }]);

    const resumed = feed(closed.session, { kind: 'resume', timeMs: closeMs(2) }, bar(3, still(101, 1)));
    expect(resumed.intents).toEqual([expect.objectContaining({ kind: 'place', reason: 'entry' })]);
  });

  it('follows a new plan from the next bar on; one that is not usable leaves the last in force', () => {
    const short = planWith([triggerWith({ id: 'short', side: 'short' })]);
    const plan = (proposed: unknown) => ({ kind: 'plan', timeMs: closeMs(0), plan: proposed, requestedBy: 'scheduled' }) as const;
    const followed = feed(opened(), bar(0, still(100)), plan(short), bar(1, still(100, 1)));
    expect(followed.events).toEqual([{ time: openMs(1), kind: 'replanned', dropped: 0 }]);
    expect(followed.intents).toEqual([expect.objectContaining({ side: 'sell', reduce_only: false })]);

    const failed = feed(opened(), bar(0, still(100)), plan('buy low, sell high'), bar(1, still(100, 1)));
    expect(failed.events).toEqual([expect.objectContaining({ kind: 'plan_failed', trigger_type: 'scheduled' })]);
    expect(failed.intents).toEqual([expect.objectContaining({ side: 'buy' })]);
  });

  it('trades by changed settings from the next bar on, and tells what changed', () => {
    const changed = feed(opened(), bar(0, still(100)), {
      kind: 'settings',
      timeMs: closeMs(0),
      changes: { max_position_risk_pct: '2', taker_fee_pct: 0 },
    });
    expect(changed.events).toEqual([
      { time: closeMs(0), kind: 'settings_changed', changes: [{ name: 'max_position_risk_pct', from: '1', to: '2' }] },
    ]);
    expect(feed(changed.session, bar(1, still(100, 1))).intents).toEqual([expect.objectContaining({ quantity: 20 })]);
  });

  it('pays funding at the bar that it is due by, once', () => {
    const due = { kind: 'funding', symbol: SYMBOL, dueMs: openMs(2), rate: 0.001 } as const;
    const paid = feed(opened({ trigger: {} }), bar(0, still(100, 1)), bar(1, still(100)), due, bar(2, still(100)), bar(3, still(100)));
    expect(paid.session.account.symbols[0]?.position?.fundingPaid).toBeCloseTo(1, 12);
    expect(paid.session.account.cash).toBeCloseTo(10_000 - 1, 9);
    expect(paid.session.fundingDue).toEqual([[]]);
  });

  it.each(IMPOSSIBLE)('refuses %s', (_, inputs, message) => {
    const before = feed(opened(), ...inputs.slice(0, -1)).session;
    const frozen = JSON.stringify(before);
    expect(() => step(before, inputs.at(-1) as SessionInput)).toThrow(message);
    expect(JSON.stringify(before), 'nothing is changed').toBe(frozen);
  });
});
