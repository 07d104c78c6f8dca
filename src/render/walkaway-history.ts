import type { WalkAwayEvent } from '../engine/result.ts';
import { pageButtons } from './button.ts';
import { type Message, textMessage } from './message.ts';
import { signed } from './number-text.ts';
import { type OfRun, ofRunText } from './of-run.ts';
import { discordTime } from './time-text.ts';

/** A day of a backtest that was walked away from. */
export type WalkAwayLine = OfRun & {
  readonly atMs: number;
  readonly trigger: WalkAwayEvent['trigger'];
  readonly dailyReturnPct: number;
  readonly tradesToday: number;
  /** What the day would have ended at without the rule; null while the day goes on. */
  readonly counterfactualPct: number | null;
};

type WalkAwayPage = {
  readonly walkAways: readonly WalkAwayLine[];
  readonly total: number;
  readonly page: number;
  readonly pages: number;
};

export const WALK_AWAYS = 'walkaways';

/** One page of the days that backtests walked away from, and what carrying on would have brought. */
export function renderWalkAways({ walkAways, total, page, pages }: WalkAwayPage): Message {
  if (total === 0) {
    return textMessage(
      'No backtest has walked away yet. Turn it on with `/walkaway set target:25`, or run one that has it: `/backtest preset:scalper`.',
    );
  }
  return {
    ...textMessage([`**Walk-aways** ${total} · of all backtests, newest first`, ...walkAways.map(describe)].join('\n')),
    buttons: pageButtons({ component: WALK_AWAYS, args: [], page, pages }),
  };
}

function describe(walkAway: WalkAwayLine): string {
  const { atMs, trigger, dailyReturnPct, tradesToday, counterfactualPct } = walkAway;
  const carriedOn = counterfactualPct === null ? 'the day is not over' : `carrying on would have ended ${signed(counterfactualPct, 1)} %`;
  const trades = `${tradesToday} ${tradesToday === 1 ? 'trade' : 'trades'}`;
  return [
    `- stopped at **${signed(dailyReturnPct, 1)} %**; ${carriedOn}`,
    `  ${trigger === 'profit_target' ? 'profit target' : 'loss limit'}, ${trades} that day · ${discordTime(atMs)}`,
    `  ${ofRunText(walkAway)}`,
  ].join('\n');
}
