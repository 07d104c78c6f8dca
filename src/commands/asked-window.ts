import { DAY_MS, TIMEFRAME_MS, type Timeframe } from '../engine/bar.ts';
import { Refusal } from '../engine/refusal.ts';
import { RUN_DAYS, type RunSpec } from '../engine/run-spec.ts';
import { askedNumber } from './asked-number.ts';
import { askedTime, formatTime } from './asked-time.ts';

type Window = RunSpec['window'];

type Asked = { readonly days: number | string | null; readonly start: string | null; readonly end: string | null };

type Around = {
  readonly defaultDays: number;
  readonly base: Timeframe;
  readonly requestedAtMs: number;
  /** Bars from files end when they end; all others end now. */
  readonly bars: 'from-files' | 'until-now';
};

/** Which bars are traded: days back from now, days back from an end, or from a start up to, and without, an end. */
export function askedWindow(asked: Asked, around: Around): Window {
  const { start, end } = asked;
  const days =
    asked.days === null ? null : askedNumber(asked.days, { name: 'days', kind: 'integer', ...RUN_DAYS, unit: 'days', example: 30 });
  if (days !== null && start !== null) {
    throw new Refusal(`days ${days} and start ${start} are both given; keep start, or keep days (counted back from end, or from now)`);
  }
  if (start === null && end === null) {
    return days === null && around.bars === 'from-files' ? { kind: 'whole' } : { kind: 'days', days: days ?? around.defaultDays };
  }
  const endMs = end === null ? null : askedTime('end', end);
  const startMs = start === null ? startBefore(endMs ?? around.requestedAtMs, days, around) : askedTime('start', start);
  checkRange(startMs, endMs, around);
  return { kind: 'range', startMs, endMs };
}

function startBefore(endMs: number, days: number | null, { bars, defaultDays }: Around): number {
  if (days === null && bars === 'from-files') return 0;
  return Math.max(0, endMs - (days ?? defaultDays) * DAY_MS);
}

function checkRange(startMs: number, endMs: number | null, { bars, base, requestedAtMs }: Around): void {
  const start = formatTime(startMs);
  if (endMs !== null && startMs >= endMs) {
    throw new Refusal(`start is ${start} and end is ${formatTime(endMs)}; end must be later, and no bar opens at it: put start before it`);
  }
  if (endMs !== null && endMs - startMs < TIMEFRAME_MS[base]) {
    throw new Refusal(`From ${start} to ${formatTime(endMs)} no ${base} bar fits; put end at least one bar after start`);
  }
  if (bars === 'from-files') return;

  const now = formatTime(requestedAtMs);
  if (startMs >= requestedAtMs) throw new Refusal(`start is ${start}, which is not past; it must be before ${now} UTC, or use days 30`);
  if (endMs !== null && endMs > requestedAtMs) {
    throw new Refusal(
      `end is ${formatTime(endMs)}, which is not past; it must be at or before ${now} UTC, or leave it out for the last bar`,
    );
  }
  const spanDays = Math.ceil(((endMs ?? requestedAtMs) - startMs) / DAY_MS);
  if (spanDays > RUN_DAYS.max) {
    throw new Refusal(
      `From ${start} to ${formatTime(endMs ?? requestedAtMs)} are ${spanDays} days; at most ${RUN_DAYS.max} fit in a run: move start or end`,
    );
  }
}
