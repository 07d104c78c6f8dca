import type { RunResult, Trade } from '../engine/result.ts';
import { pageButtons } from './button.ts';
import { type Message, textMessage } from './message.ts';
import { price, signed } from './number-text.ts';
import { shortRunId } from './run-list.ts';
import { codeBlock, sides } from './table.ts';
import { discordTime, shortTime } from './time-text.ts';

export const TRADES = 'trades';
export const TRADES_PER_PAGE = 5;

type TradePage = {
  readonly runId: string;
  readonly result: RunResult;
  readonly page: number;
  readonly pages: number;
  /** Of the group. */
  readonly timeZone: string;
};

/** One page of a run's trades, oldest first: what each one made, net of everything. */
export function renderTrades({ runId, result, page, pages, timeZone }: TradePage): Message {
  const { trades, data } = result;
  const heading = `**Trades** of run \`${shortRunId(runId)}\` · ${discordTime(data.start)} to ${discordTime(data.end)}`;
  if (trades.length === 0)
    return textMessage(`${heading}\nThere are none. Type \`/runs why id:${shortRunId(runId)}\` to see what stood in the way.`);
  const first = (page - 1) * TRADES_PER_PAGE;
  const shown = trades.slice(first, first + TRADES_PER_PAGE);
  const lines = shown.flatMap((trade, index) => tradeLines(trade, first + index + 1, timeZone));
  const counted = `${first + 1}–${first + shown.length} of ${trades.length} · net of fees and funding · times ${timeZone}`;
  return {
    ...textMessage(`${heading}\n${counted}\n${codeBlock(lines)}`),
    buttons: pageButtons({ component: TRADES, args: [runId], page, pages }),
  };
}

function tradeLines(trade: Trade, number: number, timeZone: string): readonly string[] {
  return [
    sides(`#${number} ${trade.side} ${trade.symbol}`, `${signed(trade.r, 2)} R`),
    sides(`in  ${shortTime(trade.entry_time, timeZone)}`, price(trade.entry_price)),
    sides(`out ${shortTime(trade.exit_time, timeZone)}`, price(trade.exit_price)),
    sides(`${trade.exit_reason.replaceAll('_', ' ')}, ${trade.grade}`, signed(trade.pnl, 2)),
  ];
}
