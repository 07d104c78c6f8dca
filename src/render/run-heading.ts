import type { AskedComparison } from '../engine/comparison-spec.ts';
import type { AskedRun } from '../engine/run-spec.ts';
import { changedSettings } from '../engine/settings.ts';
import { escapeText } from './escape-text.ts';
import { discordTime } from './time-text.ts';

/** What a run is, in a line: the same for a run just asked for and for one that is read back. */
export function runHeading(asked: AskedRun): string {
  return `**Backtest** ${describeRunAsked(asked)}`;
}

export function comparisonHeading({ base, labels }: Pick<AskedComparison, 'base' | 'labels'>): string {
  const listed =
    labels.length <= LABELS_SHOWN
      ? labels.join(', ')
      : `${labels.slice(0, LABELS_SHOWN).join(', ')} and ${labels.length - LABELS_SHOWN} more`;
  return `**Comparison** of ${escapeText(listed)}\n${describeRunAsked(base)}`;
}

const LABELS_SHOWN = 8;

function describeRunAsked({ symbols, timeframes, window, preset, settings, strategist }: AskedRun): string {
  const changes = changedSettings(settings).length;
  return [
    symbols.join(', '),
    timeframes[0],
    describeWindow(window),
    ...(preset === null ? [] : [`preset ${preset}`]),
    ...(strategist === undefined ? [] : [`strategist ${strategist.style === 'own' ? 'of your own' : strategist.style}`]),
    changes === 0 ? 'default settings' : `${changes} settings not default`,
  ].join(' · ');
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
