import {
  type APIActionRowComponent,
  type APIButtonComponent,
  ButtonStyle,
  ComponentType,
  type InteractionEditReplyOptions,
  type RawFile,
  type RESTPatchAPIWebhookWithTokenMessageJSONBody,
  type RESTPostAPIChannelMessageJSONBody,
} from 'discord.js';
import type { Button } from '../render/button.ts';
import type { Message } from '../render/message.ts';

/** A message as the text of a reply; pictures and buttons of earlier texts go. */
export function toReply({ content, embeds, files, buttons, mentionedUserIds }: Message): InteractionEditReplyOptions {
  return {
    content,
    embeds,
    components: rowsOf(buttons),
    attachments: [],
    files: files.map(({ name, bytes, description }) => ({ attachment: Buffer.from(bytes), name, description })),
    allowedMentions: { parse: [], users: mentionedUserIds },
  };
}

/** The same for whoever holds the token alone; texts that show progress have no files. */
export function toEdit({ content, embeds, buttons, mentionedUserIds }: Message): RESTPatchAPIWebhookWithTokenMessageJSONBody {
  return {
    content,
    embeds: [...embeds],
    components: rowsOf(buttons),
    attachments: [],
    allowed_mentions: { parse: [], users: [...mentionedUserIds] },
  };
}

type Post = { readonly body: RESTPostAPIChannelMessageJSONBody; readonly files: RawFile[] };

/** A message as a post of its own. Discord keeps one message for a nonce, however often it arrives within minutes. */
export function toPost({ content, embeds, files, buttons, mentionedUserIds }: Message, nonce: string): Post {
  return {
    body: {
      content,
      embeds: [...embeds],
      components: rowsOf(buttons),
      attachments: files.map(({ name, description }, index) => ({ id: index, filename: name, description })),
      allowed_mentions: { parse: [], users: [...mentionedUserIds] },
      nonce,
      enforce_nonce: true,
    },
    files: files.map(({ name, bytes }) => ({ name, data: bytes })),
  };
}

const STYLES = { primary: ButtonStyle.Primary, secondary: ButtonStyle.Secondary, danger: ButtonStyle.Danger } as const;

function rowsOf(buttons: readonly Button[]): APIActionRowComponent<APIButtonComponent>[] {
  if (buttons.length === 0) return [];
  const components = buttons.map(
    ({ customId, label, style, disabled }): APIButtonComponent => ({
      type: ComponentType.Button,
      custom_id: customId,
      label,
      style: STYLES[style],
      disabled,
    }),
  );
  return [{ type: ComponentType.ActionRow, components }];
}
