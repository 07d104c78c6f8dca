import type { AskedRun } from '../engine/run-spec.ts';
import { changedSettings } from '../engine/settings.ts';
import { discordTime } from './time-text.ts';

/** What a run is, in a line: the same for a run just asked for and for one that is read back. */
export function runHeading({ symbols, timeframes, window, preset, settings }: AskedRun): string {
  const changes = changedSettings(settings).length;
  const parts = [
    symbols.join(', '),
    timeframes[0],
    describeWindow(window),
    ...(preset === null ? [] : [`preset ${preset}`]),
    changes === 0 ? 'default settings' : `${changes} settings not default`,
  ];
  return `**Backtest** ${parts.join(' · ')}`;
}

function describeWindow(window: AskedRun['window']): string {
  switch (window.kind) {
    case 'days':
      return window.days === 1 ? 'last day' : `last ${window.days} days`;
    case 'range':
      return `${discordTime(window.startMs)} to ${window.endMs === null ? 'now' : discordTime(window.endMs)}`;
    case 'whole':
      return 'all bars';
  }
}
