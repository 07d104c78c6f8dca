import type { BacktestInput } from '../../src/engine/backtest.ts';
import { TIMEFRAME_MS } from '../../src/engine/bar.ts';
import { firstBarFrom } from '../../src/engine/candles.ts';
import { MARGIN_MODEL_NAMES } from '../../src/engine/margin.ts';
import { compilePlan, compileProgram } from '../../src/engine/program.ts';
import type { EngineEvent, ReplanRequest, Trade } from '../../src/engine/result.ts';
import { type SessionState, startingState } from '../../src/engine/state.ts';
import { advance } from '../../src/engine/step/advance.ts';
import { NO_BAR, type Run, startRun } from '../../src/engine/step/run.ts';
import { resumeShadow } from '../../src/engine/step/walk-away.ts';
import { validatePlan } from '../../src/engine/validate-plan.ts';

export type Stepped = {
  readonly state: SessionState;
  readonly trades: readonly Trade[];
  readonly events: readonly EngineEvent[];
  readonly requests: readonly ReplanRequest[];
};

export type Stepping = {
  /** Open time of the first bar that is stepped; ms UTC. */
  readonly fromMs?: number;
  /** Bars that open at or after it are left alone; ms UTC. */
  readonly untilMs?: number;
  /** Goes on from it and changes it in place; a new session without one. */
  readonly state?: SessionState;
  /** Called after every time step. */
  readonly look?: (run: Run, closeTimeMs: number) => void;
};

/** Steps a program bar by bar as a session would, with no end of the data in sight and one plan throughout. */
export function stepThrough(input: BacktestInput, { fromMs, untilMs = Number.POSITIVE_INFINITY, state, look }: Stepping = {}): Stepped {
  const program = compileProgram(input);
  const validated = validatePlan(input.plan, { symbols: input.markets.map(({ symbol }) => symbol), timeframes: input.timeframes });
  const barMs = TIMEFRAME_MS[program.baseTimeframe];
  const trades: Trade[] = [];
  const events: EngineEvent[] = [];
  const requests: ReplanRequest[] = [];
  const run = startRun({
    program,
    plan: compilePlan(program, validated.plan),
    state: state ?? startingState(input.settings.initial_cash, input.markets.length, MARGIN_MODEL_NAMES.length),
    recorder: {
      trade: (trade) => trades.push(trade),
      event: (event) => events.push(event),
      block: () => {},
      placed: () => {},
      withdrawn: () => {},
    },
    barMs,
  });
  resumeShadow(run);

  const firstMs = fromMs ?? input.startMs ?? Number.NEGATIVE_INFINITY;
  const times = new Set(program.symbols.flatMap(({ candles }) => [...candles.openTimeMs]));
  for (const timeMs of [...times].sort((one, other) => one - other)) {
    if (timeMs < firstMs || timeMs >= untilMs) continue;
    program.symbols.forEach(({ candles }, index) => {
      const at = firstBarFrom(candles, timeMs);
      run.barIndex[index] = candles.openTimeMs[at] === timeMs ? at : NO_BAR;
    });
    const request = advance(run, timeMs);
    if (request !== null) requests.push(request);
    look?.(run, timeMs + barMs);
  }
  return { state: run.state, trades, events, requests };
}

/** What a state is after it was written down and read again. */
export function savedState(state: SessionState): SessionState {
  return JSON.parse(JSON.stringify(state));
}
