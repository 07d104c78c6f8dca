import { timeZones } from './asked-time-zone.ts';
import { type Choice, fitChoices } from './choices.ts';

/** Time zones that have what was typed, with the time it is there; those whose place begins so come first. */
export function suggestTimeZones(text: string, nowMs: number): readonly Choice[] {
  const typed = text.trim().toLowerCase().replaceAll(' ', '_');
  const fitting = timeZones().filter((zone) => zone.toLowerCase().includes(typed));
  const begins = (zone: string) =>
    zone
      .toLowerCase()
      .split('/')
      .some((part) => part.startsWith(typed));
  const sorted = [...fitting.filter(begins), ...fitting.filter((zone) => !begins(zone))];
  return fitChoices(sorted.slice(0, 25).map((zone) => ({ name: `${zone} – it is ${clockTime(zone, nowMs)} there`, value: zone })));
}

function clockTime(timeZone: string, nowMs: number): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(nowMs);
}
