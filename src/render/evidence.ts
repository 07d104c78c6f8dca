import type { Evidence, LookAhead } from '../engine/evidence.ts';
import type { ReturnInterval } from '../engine/return-interval.ts';
import { ENOUGH_DAYS, ENOUGH_TRADES } from '../engine/sample.ts';
import { fixed, signed } from './number-text.ts';
import { discordTime } from './time-text.ts';

/** How far to believe a result: one word first, then why. */
export function evidenceText(evidence: Evidence): string {
  const { look_ahead: lookAhead } = evidence;
  return [judge(evidence), ...(lookAhead === null ? [] : [canaryText(lookAhead)])].join('\n');
}

/** Whether there are trades and days enough for a statistic. */
export function isEnough({ trades, days }: { readonly trades: number; readonly days: number }): boolean {
  return trades >= ENOUGH_TRADES && days >= ENOUGH_DAYS;
}

function judge({ days, trades, return_interval: interval, look_ahead: lookAhead }: Evidence): string {
  if (lookAhead?.verdict === 'seen') return '**Do not believe it**: something looked ahead';
  if (interval === null || !isEnough({ trades, days })) {
    const sample = `${fixed(trades, 0)} ${trades === 1 ? 'trade' : 'trades'} in ${fixed(days, days < 10 ? 1 : 0)} days`;
    return `**Thin**: ${sample}; statistics need ${ENOUGH_TRADES} trades and ${ENOUGH_DAYS} days`;
  }
  return `**${wordFor(interval)}**: ${intervalText(interval)}`;
}

function wordFor({ low_pct, high_pct }: ReturnInterval): string {
  if (low_pct > 0) return 'Firm gain';
  return high_pct < 0 ? 'Firm loss' : 'May be luck';
}

function intervalText({ level_pct, low_pct, high_pct, losing_pct, resamples }: ReturnInterval): string {
  const range = `${signed(low_pct, 1)} % to ${signed(high_pct, 1)} %`;
  return `the same days drawn anew ${fixed(resamples, 0)} times return ${range} (${level_pct} % of them); ${fixed(losing_pct, 0)} % lose`;
}

function canaryText({ verdict, cut_time: cutMs, trades, closes, differs }: LookAhead): string {
  if (cutMs === null || verdict === 'nothing_to_test') return 'Look-ahead canary: nothing traded, so nothing to test';
  const without = `without the bars after ${discordTime(cutMs)}`;
  if (verdict === 'seen') return `Look-ahead canary: ${differs ?? 'something'} came out otherwise ${without}`;
  return `Look-ahead canary: ${fixed(trades, 0)} trades and ${fixed(closes, 0)} closes are the same ${without}`;
}
