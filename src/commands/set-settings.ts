import type { WantedSettings } from '../engine/guild-view.ts';
import { Refusal } from '../engine/refusal.ts';
import { parseSetting } from '../engine/settings.ts';
import { type Message, textMessage } from '../render/message.ts';
import { renderChanges } from '../render/setting-changes.ts';
import { settingText } from '../render/setting-words.ts';
import { askedTarget } from './asked-setting.ts';
import { changeNow } from './change-settings.ts';
import type { CommandContext } from './command.ts';

type Changing = Pick<CommandContext, 'changeSettings' | 'userId' | 'requestedAtMs'>;

/** One parameter and its new value, as typed; only a parameter can be given a value. */
export function askedSetting(name: string, value: string): WantedSettings {
  const target = askedTarget(name);
  if (target.kind === 'parameter') return new Map([[target.name, parseSetting(target.name, value.trim())]]);
  throw new Refusal(`"${name.trim()}" is more than one parameter; set one at a time, e.g. max_position_risk_pct`);
}

/** Gives parameters other values, whoever set them before. */
export async function setSettings(wanted: WantedSettings, desk: Changing): Promise<Message> {
  const { made } = await changeNow(wanted, desk);
  if (made.changes.length > 0) return renderChanges(made.changes, made);
  return textMessage(
    `Nothing changed: ${[...wanted].map(([name, value]) => `\`${name}\` is ${settingText(name, value)}`).join(', ')} already.`,
  );
}
