import { Refusal } from '../engine/refusal.ts';
import { readKept } from '../render/kept-text.ts';
import { type Message, textMessage } from '../render/message.ts';
import { SETTINGS } from '../render/settings-list.ts';
import { renderPanel, SETTINGS_EDIT, SETTINGS_GROUP } from '../render/settings-panel.ts';
import { renderConflict, renderRefused, SETTINGS_AGAIN } from '../render/settings-refused.ts';
import { findGroup } from './asked-setting.ts';
import type { CommandContext } from './command.ts';
import { type Component, type FormAnswer, type FormButton, notice, type PressAnswer, update } from './component.ts';
import { pageOf } from './page-of.ts';
import { askedPlace, type FormOrigin, readSettingsForm, SETTINGS_FORM, settingsForm } from './settings-form.ts';
import { showPanel, showSettings } from './show-settings.ts';

/** ◀ and ▶ of what is set. */
export const settingsPages: Component = {
  kind: 'press',
  name: SETTINGS,
  permission: 'viewer',
  press: async ([page], desk) => update(await showSettings({ kind: 'all' }, pageOf(page), desk)),
};

/** The select of the panel. */
export const settingsGroup: Component = {
  kind: 'press',
  name: SETTINGS_GROUP,
  permission: 'viewer',
  press: async (_, desk, [word = '']) => {
    const group = findGroup(word);
    if (group === null) throw new Refusal(`There is no group "${word}" any more; open the panel again with /settings panel`);
    return update(await showPanel(group, desk));
  },
};

/** Edit: a form with the values as they are at this moment. */
export const settingsEdit: FormButton = {
  kind: 'form-button',
  name: SETTINGS_EDIT,
  permission: 'trader',
  open: ([group, part], { guild }) => {
    const place = askedPlace([group, part, String(guild.revision)]);
    return settingsForm(place, 'panel', { guild, typed: new Map() });
  },
};

/** The form again, with what was typed and is kept in the message; formed on the state of the group that its person has been told of. */
export const settingsAgain: FormButton = {
  kind: 'form-button',
  name: SETTINGS_AGAIN,
  permission: 'trader',
  open: (args, { guild }, pressedText) => settingsForm(askedPlace(args), 'kept', { guild, typed: readKept(pressedText) }),
};

export const settingsFilled: FormAnswer = {
  kind: 'form-press',
  name: SETTINGS_FORM,
  permission: 'trader',
  submit: async ([group, part, since, word], filled, desk) => {
    const place = askedPlace([group, part, since]);
    const origin: FormOrigin = word === 'panel' ? 'panel' : 'kept';
    const read = readSettingsForm(filled);
    if (read.kind === 'refused') return toPresser(renderRefused(read.reasons, filled, place), origin);
    const outcome = await tryChange(desk, { wanted: read.wanted, since: place.since });
    if (outcome instanceof Refusal) return toPresser(renderRefused([outcome.message], filled, place), origin);
    if (outcome.kind === 'conflict') {
      const { theirs, touched, guild } = outcome;
      const typed = new Map([...filled].filter(([name]) => [...touched.keys()].some((known) => known === name)));
      return toPresser(renderConflict(theirs, typed, { ...place, since: guild.revision }), origin);
    }
    const { changes, guild } = outcome;
    const panel = renderPanel({ group: place.group, guild, made: { changes, userId: desk.userId, atMs: desk.requestedAtMs } });
    return origin === 'panel' ? update(panel) : settle(panel, changes.length > 0);
  },
};

async function tryChange(desk: Pick<CommandContext, 'changeSettings'>, wish: Parameters<CommandContext['changeSettings']>[0]) {
  try {
    return await desk.changeSettings(wish);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** The panel is everybody's and stays as it is; what was kept for the presser is brought up to date. */
function toPresser(message: Message, origin: FormOrigin): PressAnswer {
  return origin === 'panel' ? notice(message) : update(message);
}

/** The presser alone sees the message of the form, so that everybody is told by a panel of its own. */
function settle(panel: Message, isChanged: boolean): PressAnswer {
  if (!isChanged) return update(textMessage('Nothing changed: every field says what applied already.'));
  return { ...update(textMessage('Changed; the channel is told.')), announcement: panel };
}
