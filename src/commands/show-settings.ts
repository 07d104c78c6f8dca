import type { Message } from '../render/message.ts';
import { textMessage } from '../render/message.ts';
import type { SettingGroup } from '../render/setting-words.ts';
import { namesSet, renderSetList, renderSetting, SETTINGS_PER_PAGE } from '../render/settings-list.ts';
import { groupText, renderPanel } from '../render/settings-panel.ts';
import type { SettingTarget } from './asked-setting.ts';
import { slicePage } from './page-of.ts';
import type { DeskPorts } from './ports.ts';

type Reading = Pick<DeskPorts, 'readGuild'>;

/** Answers about what the group has set, the same in Discord and in the terminal. */
export async function showSettings(target: SettingTarget, wantedPage: number, { readGuild }: Reading): Promise<Message> {
  const guild = await readGuild();
  switch (target.kind) {
    case 'parameter':
      return renderSetting(target.name, guild);
    case 'group':
      return textMessage(groupText(target.group, guild));
    case 'all': {
      const { page, pages } = slicePage(wantedPage, namesSet(guild).length, SETTINGS_PER_PAGE);
      return renderSetList(guild, { page, pages });
    }
  }
}

export async function showPanel(group: SettingGroup, { readGuild }: Reading): Promise<Message> {
  return renderPanel({ group, guild: await readGuild(), made: null });
}
