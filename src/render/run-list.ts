import { pageButtons } from './button.ts';
import { type Message, textMessage } from './message.ts';
import { signed } from './number-text.ts';
import { codeBlock, cut, sides } from './table.ts';
import { shortTime } from './time-text.ts';

/** A run as a line of a list. */
export type RunLine = {
  readonly id: string;
  readonly state: 'queued' | 'running' | 'done' | 'refused' | 'failed' | 'cancelled';
  readonly symbols: readonly string[];
  readonly timeframe: string;
  readonly createdAtMs: number;
  /** Null until the run is done. */
  readonly returnPct: number | null;
  readonly trades: number | null;
};

export type RunPage = {
  readonly runs: readonly RunLine[];
  readonly total: number;
  readonly page: number;
  readonly pages: number;
  /** Of the group. */
  readonly timeZone: string;
};

export const RUNS = 'runs';

/** One page of a server's runs, newest first. */
export function renderRunList({ runs, total, page, pages, timeZone }: RunPage): Message {
  if (total === 0) return textMessage('There are no runs yet. Type `/backtest preset:scalper-5m` for the first one.');
  const lines = runs.flatMap((run) => [
    sides(shortRunId(run.id), outcomeOf(run)),
    sides(` ${cut(marketText(run), 15)}`, shortTime(run.createdAtMs, timeZone)),
  ]);
  return {
    ...textMessage(
      `**Runs** ${total} · net return · times ${timeZone}\n${codeBlock(lines)}\nOne of them: \`/runs show id:${shortRunId(runs[0]?.id ?? '')}\``,
    ),
    buttons: pageButtons({ component: RUNS, args: [], page, pages }),
  };
}

/** One line about a run, for a choice: what it is, what came of it, when. */
export function describeRun(run: RunLine): string {
  const trades = run.trades === null ? [] : [`${run.trades} ${run.trades === 1 ? 'trade' : 'trades'}`];
  return [shortRunId(run.id), marketText(run), outcomeOf(run), ...trades, `${shortTime(run.createdAtMs)} UTC`].join(' · ');
}

export function shortRunId(id: string): string {
  return id.slice(0, 8);
}

export function marketText({ symbols, timeframe }: Pick<RunLine, 'symbols' | 'timeframe'>): string {
  const [first = '', ...others] = symbols;
  return `${first}${others.length === 0 ? '' : ` +${others.length}`} ${timeframe}`;
}

function outcomeOf({ state, returnPct }: RunLine): string {
  if (state === 'failed') return 'broke';
  return state === 'done' && returnPct !== null ? `${signed(returnPct, 1)} %` : state;
}
