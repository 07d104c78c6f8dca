import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parametersMarkdown } from '../src/cli/parameters-markdown.ts';
import { suggestSettings } from '../src/commands/suggest-settings.ts';
import { PARAMETER_NAMES, PARAMETERS } from '../src/engine/parameters.ts';
import { RUN_PRESETS } from '../src/engine/presets.ts';
import { type SessionInput, sessionInputSchema } from '../src/engine/session/input.ts';
import type { Session } from '../src/engine/session/session.ts';
import { step } from '../src/engine/session/step.ts';
import { DEFAULT_SETTINGS, formatSetting, type Overrides, type Settings } from '../src/engine/settings.ts';
import { START_MS } from './support/bars.ts';
import { PARAMETER_EFFECTS, type Story } from './support/parameter-effects.ts';
import {
  backtestStory,
  effectOf,
  inputUnder,
  resolveInTerminal,
  resolveSettings,
  settingsUnder,
  type Wish,
  wishFor,
} from './support/parameter-runs.ts';
import { driveSession, sessionFor } from './support/session-log.ts';

function pairs(overrides: Overrides): readonly string[] {
  return PARAMETER_NAMES.flatMap((name) => {
    const value = overrides[name];
    return value === undefined ? [] : [`${name}=${formatSetting(value)}`];
  });
}

/** How a value comes to a run, with everything else of the scenario beside it. */
const WAYS: readonly (readonly [way: string, settingsBy: (wish: Wish) => Settings | Promise<Settings>])[] = [
  ['set: of /backtest', ({ name, typed, others }) => resolveSettings({ setText: [`${name}=${typed}`, ...pairs(others)].join(' ') })],
  [
    'its own flag in the terminal',
    ({ name, typed, others }) => resolveInTerminal([`--${name.replaceAll('_', '-')}`, typed, '--set', ...pairs(others)]),
  ],
  ['--set in the terminal', ({ name, typed, others }) => resolveInTerminal(['--set', `${name}=${typed}`, ...pairs(others)])],
];

/** What a paper session tells on the way, from its inputs alone. */
function sessionStory(opened: Session, inputs: readonly SessionInput[]): Story {
  const story = { trades: [] as Story['trades'][number][], events: [] as Story['events'][number][], equity: [] as number[] };
  let session = opened;
  for (const input of inputs) {
    const stepped = step(session, sessionInputSchema.parse(JSON.parse(JSON.stringify(input))));
    session = stepped.session;
    story.trades.push(...stepped.trades);
    story.events.push(...stepped.events);
    if (input.kind === 'bars') story.equity.push(session.account.equity);
  }
  return story;
}

describe('every parameter', () => {
  it('has a scenario in which it decides what happens', () => {
    expect(Object.keys(PARAMETER_EFFECTS)).toEqual(PARAMETER_NAMES);
    for (const name of PARAMETER_NAMES) {
      const { to, shows, before, after } = effectOf(name);
      expect(after, name).not.toEqual(before);
      expect(to, `${name}: a way that loses the value leaves the default`).not.toEqual(DEFAULT_SETTINGS[name]);
      expect(shows(backtestStory(name, settingsUnder(name, 'from'))), name).toEqual(before);
    }
  });

  it.each(PARAMETER_NAMES)('is offered while `set:` is typed: %s', (name) => {
    expect(suggestSettings(name).some(({ value }) => value.startsWith(`${name}=`))).toBe(true);
  });

  describe.each(WAYS)('by %s', (_, settingsBy) => {
    it.each(PARAMETER_NAMES)('reaches a backtest and changes it: %s', async (name) => {
      const { shows, after } = effectOf(name);
      const reached = await settingsBy(wishFor(name));

      expect(reached).toEqual(settingsUnder(name, 'to'));
      expect(shows(backtestStory(name, reached))).toEqual(after);
    });
  });

  it.each(PARAMETER_NAMES)('changes a session that is opened with it, or told of it: %s', (name) => {
    const { to, shows, before, after } = effectOf(name);
    const input = inputUnder(name, settingsUnder(name, 'from'));
    const opened = sessionFor(input, 'simulated');
    const { log } = driveSession(input, { fills: 'simulated' });
    const told = { kind: 'settings', timeMs: START_MS, changes: { [name]: to } } as const;

    expect(shows(sessionStory(opened, log))).toEqual(before);
    expect(shows(sessionStory(sessionFor(inputUnder(name, settingsUnder(name, 'to')), 'simulated'), log))).toEqual(after);
    if (name === 'initial_cash') expect(() => step(opened, told)).toThrow('for the whole session');
    else expect(shows(sessionStory(opened, [told, ...log]))).toEqual(after);
  });
});

describe('docs/parameters.md', () => {
  it('is what the registry says: `scalpdesk parameters --markdown > docs/parameters.md`', () => {
    expect(readFileSync('docs/parameters.md', 'utf8')).toBe(`${parametersMarkdown()}\n`);
  });

  it('has a row for every parameter, a heading for every group and a column for every preset', () => {
    const lines = parametersMarkdown().split('\n');

    for (const { name, group } of PARAMETERS) {
      expect(lines.filter((line) => line.startsWith(`| \`${name}\` |`)).length, name).toBeGreaterThan(0);
      expect(lines).toContain(`## ${group}`);
    }
    for (const { name } of RUN_PRESETS) expect(lines.some((line) => line.startsWith('|  |') && line.includes(` ${name} |`))).toBe(true);
  });
});
