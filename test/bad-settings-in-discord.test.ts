import { beforeAll, describe, expect, it } from 'vitest';
import { isParameterName, type ParameterName } from '../src/engine/parameters.ts';
import { onDiscord } from './desk/on-discord.ts';
import { BAD_SETTINGS } from './support/bad-settings.ts';
import { openPanel } from './support/settings-in-discord.ts';

/** Limits of the command's options; its client sends no longer ones. */
const NAME_CHARACTERS = 100;
const VALUE_CHARACTERS = 1_000;

const MESSAGE_CHARACTERS = 2_000;

/** Commands pass over blanks around a value and over capitals in a name. */
const ON_A_COMMAND = BAD_SETTINGS.filter(
  ([, name, typed]) => typed.trim() !== '' && typed.length <= VALUE_CHARACTERS && name.length <= NAME_CHARACTERS && isKnownAsTyped(name),
);

/** An emptied field takes a value back. */
const IN_A_FORM = BAD_SETTINGS.filter(([, name, typed]) => isParameterName(name) && typed.trim() !== '');

function isKnownAsTyped(name: string): boolean {
  const lowered: string = name.toLowerCase();
  return isParameterName(lowered) === isParameterName(name);
}

/** As a person reads it. */
function shown(content: string): string {
  return content.replaceAll(/\\([\\*~`|<[\]_#>+.-])/g, '$1');
}

describe('a bad setting in Discord', () => {
  const on = onDiscord();
  let panel: Awaited<ReturnType<typeof openPanel>>;

  beforeAll(async () => {
    panel = await openPanel(on.playground);
  });

  const changes = async () => (await on.database.pool.query('select name from setting_changes')).rows;

  it.each(ON_A_COMMAND)('is refused by /settings set for the asker alone, and nothing is stored: %s', async (_, name, typed, ...words) => {
    const press = await on.playground.slash({ command: 'settings set', options: { name, value: typed } });
    const { content, ephemeral } = await press.waitForReply();

    expect(ephemeral).toBe(true);
    for (const word of words) expect(shown(content)).toContain(word);
    expect(await changes()).toEqual([]);
    expect(on.errors).toEqual([]);
  });

  it.each(IN_A_FORM)(
    'is refused by a form of the panel for its person alone, and nothing is stored: %s',
    async (_, name, typed, ...words) => {
      const { interactionId } = await panel.fill(name, typed);
      const { content, ephemeral, components } = await on.playground
        .channel()
        .waitForMessage(({ answers, loading }) => answers?.interactionId === interactionId && !loading);

      expect(ephemeral).toBe(true);
      expect(content.length).toBeLessThanOrEqual(MESSAGE_CHARACTERS);
      for (const word of words) expect(shown(content)).toContain(word);
      expect(
        components.flatMap((row) => row.components),
        'a button that opens the form again',
      ).toHaveLength(1);
      expect(await changes()).toEqual([]);
      expect(on.errors).toEqual([]);
    },
  );

  it('is tried of most kinds in both places', () => {
    const known = new Set<ParameterName>(IN_A_FORM.flatMap(([, name]) => (isParameterName(name) ? [name] : [])));

    expect(ON_A_COMMAND.length).toBeGreaterThan(40);
    expect(IN_A_FORM.length).toBeGreaterThan(40);
    expect(known.size).toBeGreaterThan(9);
  });
});
