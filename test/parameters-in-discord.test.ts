import { beforeAll, describe, expect, it } from 'vitest';
import { readGuildView } from '../src/desk/read-guild-view.ts';
import { PARAMETER_NAMES, PARAMETERS, type ParameterName } from '../src/engine/parameters.ts';
import { formatSetting, type Overrides } from '../src/engine/settings.ts';
import { onDiscord } from './desk/on-discord.ts';
import { backtestStory, effectOf, resolveSettings, settingsUnder, wishFor } from './support/parameter-runs.ts';
import { openPanel, setBySlash } from './support/settings-in-discord.ts';

type Change = (name: string, typed: string) => Promise<string>;

describe('every parameter in Discord', () => {
  const on = onDiscord();
  let panel: Awaited<ReturnType<typeof openPanel>>;

  beforeAll(async () => {
    panel = await openPanel(on.playground);
  });

  it('has a field in a form of the panel', () => {
    expect([...panel.names].sort()).toEqual([...PARAMETER_NAMES].sort());
  });

  it.each(PARAMETER_NAMES)('is offered by /settings set and reset, and so is a value of it: %s', async (name) => {
    const typed = { command: 'settings set', option: 'name', text: name } as const;
    const offered = async (option: Parameters<typeof on.playground.autocomplete>[0]) =>
      (await on.playground.autocomplete(option)).map(({ value }) => value);

    expect(await offered(typed)).toContain(name);
    expect(await offered({ ...typed, command: 'settings reset' })).toContain(name);
    expect(await offered({ command: 'settings set', options: { name }, option: 'value', text: '' })).not.toEqual([]);
  });

  describe.each<[way: string, changeBy: () => Change]>([
    ['/settings set', () => (name, typed) => setBySlash(on.playground, name, typed)],
    ['the panel', () => panel.change],
  ])('by %s', (_, changeBy) => {
    beforeAll(async () => {
      await (await on.playground.slash({ command: 'settings reset', options: { name: 'all' } })).waitForReply();
    });

    it.each(PARAMETER_NAMES)('is set for the group and changes its backtests: %s', async (name) => {
      const change = changeBy();
      const { shows, after } = effectOf(name);
      const { typed, others } = wishFor(name);
      for (const [companion, value] of companionsOf(name)) await change(companion, value);

      const told = await change(name, typed);
      const reached = resolveSettings({ overrides: others }, await readGuildView(on.database.pool, on.playground.home.guildId));

      expect(told).toContain('→');
      expect(reached).toEqual(settingsUnder(name, 'to'));
      expect(shows(backtestStory(name, reached))).toEqual(after);
      expect(on.errors).toEqual([]);
    });
  });
});

/** What must be set in the same group for the value to be possible at all. */
function companionsOf(name: ParameterName): readonly (readonly [name: string, typed: string])[] {
  const settings: Overrides = effectOf(name).settings ?? {};
  const { group } = PARAMETERS.find((parameter) => parameter.name === name) ?? { group: null };
  return PARAMETERS.flatMap((other) => {
    const value = settings[other.name];
    return value === undefined || other.group !== group || other.name === name ? [] : [[other.name, formatSetting(value)] as const];
  });
}
