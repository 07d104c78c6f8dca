import { TIMEFRAME_MS } from '../bar.ts';
import type { FundingRates } from '../candles.ts';
import { resolvePeriods } from '../indicators/periods.ts';
import { compileProgram, type PlanProgram, type Program } from '../program.ts';
import type { BlockReason, EngineEvent, Trade } from '../result.ts';
import { copyState } from '../state.ts';
import { placeExit } from '../step/decide.ts';
import { type Run, startRun } from '../step/run.ts';
import { resumeShadow } from '../step/walk-away.ts';
import { type OrderIntent, orderId, placeIntent } from './intent.ts';
import { frameOf } from './market-window.ts';
import { openWindow } from './open-window.ts';
import type { FundingDue, Session } from './session.ts';

type Told = {
  readonly events: EngineEvent[];
  readonly trades: Trade[];
  readonly blocks: { readonly trigger_id: string; readonly reason: BlockReason }[];
  readonly intents: OrderIntent[];
};

/** The session made ready to run on a copy of its account, and where what happens is told. */
export function openRun(
  session: Session,
  planOf: (program: Program) => PlanProgram = withoutRules(session),
): { readonly run: Run; readonly told: Told } {
  const { markets, settings, windows, fundingDue } = session;
  const periods = resolvePeriods(settings);
  const opened = windows.map((window) => openWindow(window, markets.timeframes[0], periods));
  const program = compileProgram(
    {
      ...markets,
      settings,
      markets: opened.map(({ candles }, index) => ({
        symbol: markets.symbols[index] ?? '',
        candles,
        funding: fundingRates(fundingDue[index] ?? []),
      })),
    },
    opened.map(({ columns }) => columns),
  );
  const told: Told = { events: [], trades: [], blocks: [], intents: [] };
  const account = copyState(session.account);
  const run = startRun({
    program,
    plan: planOf(program),
    state: account,
    recorder: {
      event: (event) => told.events.push(event),
      trade: (trade) => told.trades.push(trade),
      block: (trigger_id, reason) => told.blocks.push({ trigger_id, reason }),
      placed: (index, order) => {
        const symbol = markets.symbols[index];
        if (symbol !== undefined) told.intents.push(placeIntent(symbol, order, account.symbols[index]?.position ?? null));
      },
      withdrawn: (index, order) => {
        const symbol = markets.symbols[index];
        if (symbol !== undefined) told.intents.push({ kind: 'withdraw', id: orderId(symbol, order), symbol });
      },
    },
    barMs: TIMEFRAME_MS[markets.timeframes[0]],
    firstBar: Float64Array.from(windows, (window) => frameOf(window, markets.timeframes[0]).droppedBars),
    fills: markets.fills,
  });
  resumeShadow(run);
  return { run, told };
}

/** Between bars nothing is decided by the plan, so that its rules need not be made ready. */
function withoutRules({ plan }: Session): () => PlanProgram {
  return () => ({ plan, entries: [], anyEntry: [], emergencies: [] });
}

/** Every position that nothing closes yet is closed at its next open. */
export function closeAll(run: Run, reason: 'halt' | 'walk_away', timeMs: number): void {
  run.state.symbols.forEach(({ position, order }, index) => {
    if (position !== null && order === null) placeExit(run, index, reason, timeMs);
  });
}

function fundingRates(rows: readonly FundingDue[]): FundingRates {
  return { timeMs: Float64Array.from(rows, ({ dueMs }) => dueMs), rate: Float64Array.from(rows, ({ rate }) => rate) };
}
