import type { Playground } from '../../src/playground/playground.ts';
import type { Press } from '../../src/playground/press.ts';
import type { MessageView } from '../../src/playground/view.ts';

type SettingsInDiscord = Pick<Playground, 'slash' | 'press' | 'select' | 'submitModal' | 'closeModal'>;

/** Where the panel shows a parameter: the group to choose, and the button whose form has a field for it. */
type Place = { readonly group: string; readonly button: string };

/** Gives `/settings set` as a member would; what the bot says to it. */
export async function setBySlash({ slash }: SettingsInDiscord, name: string, typed: string): Promise<string> {
  const press = await slash({ command: 'settings set', options: { name, value: typed } });
  return (await press.waitForReply()).content;
}

/** Posts a panel and finds every field that it leads to, by what a member sees of it alone. */
export async function openPanel(discord: SettingsInDiscord) {
  const posted = await (await discord.slash({ command: 'settings panel' })).waitForReply();
  const { id: messageId } = posted;
  let shown = posted;
  const places = new Map<string, Place>();
  for (const group of optionsOf(posted)) {
    await choose(group);
    for (const button of buttonsOf(shown)) {
      const modal = await openForm(button);
      for (const { customId } of modal.fields) places.set(customId, { group, button });
      discord.closeModal(modal);
    }
  }

  return {
    /** The names of all fields. */
    names: [...places.keys()],
    fill,
    /** The same; what the panel says after that. */
    change: async (name: string, typed: string): Promise<string> => {
      const sent = await fill(name, typed);
      shown = await sent.waitForReply(({ atMs, loading }) => !loading && atMs > sent.createdAtMs);
      return shown.content;
    },
  };

  /** Types another value for one parameter, leaves the other fields of the form as they are, and sends it. */
  async function fill(name: string, typed: string): Promise<Press> {
    const { group, button } = places.get(name) ?? { group: '', button: '' };
    await choose(group);
    return discord.submitModal(await openForm(button), { [name]: typed });
  }

  async function choose(group: string): Promise<void> {
    const used = await discord.select({ messageId, select: selectOf(shown).custom_id, values: [group] });
    shown = await used.waitForReply(({ atMs, loading }) => !loading && atMs > used.createdAtMs);
  }

  async function openForm(button: string) {
    return (await discord.press({ messageId, button })).waitForModal();
  }
}

function controlsOf({ components }: MessageView) {
  return components.flatMap((row) => row.components);
}

function selectOf(message: MessageView) {
  const select = controlsOf(message).find((control) => 'options' in control);
  if (select === undefined || !('options' in select)) throw new Error(`There is no select under "${message.content}".`);
  return select;
}

function optionsOf(message: MessageView): readonly string[] {
  return selectOf(message).options.map(({ value }) => value);
}

function buttonsOf(message: MessageView): readonly string[] {
  return controlsOf(message).flatMap((control) => ('options' in control ? [] : (control.custom_id ?? [])));
}
