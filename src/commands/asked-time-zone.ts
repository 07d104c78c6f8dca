import { nearestName } from '../engine/nearest-name.ts';
import { Refusal } from '../engine/refusal.ts';
import { quote } from './asked-number.ts';

/** A place's time zone by its IANA name, in any case; an offset would be wrong for half of the year. */
export function askedTimeZone(text: string): string {
  const typed = text.trim().replaceAll(' ', '_');
  const zone = /^[a-z]/i.test(typed) ? findTimeZone(typed) : null;
  if (zone !== null) return zone;
  throw new Refusal(
    `time_zone is ${quote(text)}, which is not known; it must be an IANA name such as Europe/Berlin or UTC; the nearest is ${nearestName(typed.slice(0, 60), timeZones())}`,
  );
}

/** Every name there is; names that have become others are known beside them, and are not listed. */
export function timeZones(): readonly string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone')];
}

function findTimeZone(name: string): string | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
