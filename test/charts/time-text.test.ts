import { describe, expect, it } from 'vitest';
import { labelTimes, rangeText } from '../../src/charts/time-text.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/engine/bar.ts';

const START_MS = Date.UTC(2025, 9, 10);

function labels(count: number, stepMs: number, startMs = START_MS): readonly string[] {
  const times = Float64Array.from({ length: count }, (_, index) => startMs + index * stepMs);
  return labelTimes(times, 1_000).filter((label) => label !== '');
}

describe('labelTimes', () => {
  it('writes the clock inside a day and the date at midnight', () => {
    expect(labels(30, HOUR_MS, START_MS + 11 * HOUR_MS)).toEqual(['12:00', '18:00', '11 Oct', '06:00', '12:00']);
  });

  it('writes dates over a month', () => {
    expect(labels(180, 4 * HOUR_MS)).toEqual(['14 Oct', '19 Oct', '24 Oct', '29 Oct', '3 Nov', '8 Nov']);
  });

  it('writes months over years', () => {
    expect(labels(300, 3 * DAY_MS)).toEqual(['Jan 2026', 'Jul 2026', 'Jan 2027', 'Jul 2027', 'Jan 2028']);
  });

  it('writes date and time of a bar that opens no round period', () => {
    expect(labels(1, MINUTE_MS, START_MS + 7 * MINUTE_MS)).toEqual(['10 Oct 00:07']);
  });

  it('leaves no two labels on top of each other where bars are missing', () => {
    const times = Float64Array.from({ length: 100 }, (_, index) => START_MS + (index < 50 ? index : 40 * (index - 48)) * HOUR_MS);
    const written = labelTimes(times, 1_000).flatMap((label, index) => (label === '' ? [] : [index]));

    const gaps = written.slice(1).map((index, place) => index - (written[place] ?? 0));
    expect(written.length).toBeGreaterThan(1);
    expect(Math.min(...gaps), 'candles of 10 px and labels of 120 px').toBeGreaterThanOrEqual(12);
  });
});

describe('rangeText', () => {
  it('names a year once unless it changes, and a single day alone', () => {
    expect(rangeText(START_MS, START_MS + 20 * HOUR_MS)).toBe('10 Oct 2025');
    expect(rangeText(START_MS, START_MS + 30 * DAY_MS)).toBe('10 Oct – 9 Nov 2025');
    expect(rangeText(START_MS, START_MS + 100 * DAY_MS)).toBe('10 Oct 2025 – 18 Jan 2026');
  });
});
