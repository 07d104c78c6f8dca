import { Refusal } from '../engine/refusal.ts';
import { quote } from './asked-number.ts';

const FORM = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})Z?)?$/;

/** Reads `2025-10-01`, `2025-10-01T12:00` or `2025-10-01T12:00Z`, always as UTC; milliseconds since 1970. */
export function askedTime(name: string, text: string): number {
  const trimmed = text.trim();
  const parts = FORM.exec(trimmed);
  if (parts === null) {
    throw new Refusal(`${name} is ${quote(text)}; it must be a UTC date or time, e.g. ${name} 2025-10-01 or ${name} 2025-10-01T12:00`);
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  const timeMs = Date.UTC(year, month - 1, day, hour, minute);
  // A day or an hour that does not exist would silently become another one.
  if (!formatTime(timeMs).startsWith(trimmed.slice(0, 16))) {
    throw new Refusal(`${name} is ${quote(text)}, which does not exist; write a real UTC date or time, e.g. ${name} 2025-10-01T12:00`);
  }
  if (timeMs < 0) throw new Refusal(`${name} is ${quote(text)}; it must be in 1970 or later, e.g. ${name} 2025-10-01`);
  return timeMs;
}

/** As a person would type it: to the minute, UTC. */
export function formatTime(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 16);
}
