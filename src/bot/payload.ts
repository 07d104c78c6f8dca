import {
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIStringSelectComponent,
  ButtonStyle,
  ComponentType,
  type InteractionEditReplyOptions,
  type RawFile,
  type RESTPatchAPIWebhookWithTokenMessageJSONBody,
  type RESTPostAPIChannelMessageJSONBody,
} from 'discord.js';
import type { Button } from '../render/button.ts';
import type { Message } from '../render/message.ts';
import type { Select } from '../render/select.ts';

/** A message as the text of a reply; pictures and buttons of earlier texts go. */
export function toReply({ content, embeds, files, selects, buttons, mentionedUserIds }: Message): InteractionEditReplyOptions {
  return {
    content,
    embeds,
    components: rowsOf({ selects, buttons }),
    attachments: [],
    files: files.map(({ name, bytes, description }) => ({ attachment: Buffer.from(bytes), name, description })),
    allowedMentions: { parse: [], users: mentionedUserIds },
  };
}

/** The same for whoever holds the token alone; texts that show progress have no files. */
export function toEdit({ content, embeds, selects, buttons, mentionedUserIds }: Message): RESTPatchAPIWebhookWithTokenMessageJSONBody {
  return {
    content,
    embeds: [...embeds],
    components: rowsOf({ selects, buttons }),
    attachments: [],
    allowed_mentions: { parse: [], users: [...mentionedUserIds] },
  };
}

type Post = { readonly body: RESTPostAPIChannelMessageJSONBody; readonly files: RawFile[] };

/** A message as a post of its own. Discord keeps one message for a nonce, however often it arrives within minutes. */
export function toPost({ content, embeds, files, selects, buttons, mentionedUserIds }: Message, nonce: string): Post {
  return {
    body: {
      content,
      embeds: [...embeds],
      components: rowsOf({ selects, buttons }),
      attachments: files.map(({ name, description }, index) => ({ id: index, filename: name, description })),
      allowed_mentions: { parse: [], users: [...mentionedUserIds] },
      nonce,
      enforce_nonce: true,
    },
    files: files.map(({ name, bytes }) => ({ name, data: bytes })),
  };
}

const STYLES = { primary: ButtonStyle.Primary, secondary: ButtonStyle.Secondary, danger: ButtonStyle.Danger } as const;

type Row = APIActionRowComponent<APIButtonComponent | APIStringSelectComponent>;

function rowsOf({ selects, buttons }: Pick<Message, 'selects' | 'buttons'>): Row[] {
  const rows: Row[] = selects.map((select) => ({ type: ComponentType.ActionRow, components: [toSelect(select)] }));
  return [...rows, ...buttonRows(buttons).map((row) => ({ type: ComponentType.ActionRow, components: row.map(toButton) }) as const)];
}

const IN_ONE_ROW = 5;
const IN_ROWS_OF = 3;

/** More than Discord takes in one row stand in rows of as many as a phone shows beside each other. */
function buttonRows(buttons: readonly Button[]): readonly (readonly Button[])[] {
  const inRow = buttons.length <= IN_ONE_ROW ? IN_ONE_ROW : IN_ROWS_OF;
  return Array.from({ length: Math.ceil(buttons.length / inRow) }, (_, row) => buttons.slice(row * inRow, (row + 1) * inRow));
}

function toButton({ customId, label, style, disabled }: Button): APIButtonComponent {
  return { type: ComponentType.Button, custom_id: customId, label, style: STYLES[style], disabled };
}

function toSelect({ customId, placeholder, options }: Select): APIStringSelectComponent {
  return {
    type: ComponentType.StringSelect,
    custom_id: customId,
    placeholder,
    options: options.map(({ label, value, description, isChosen }) => ({
      label,
      value,
      default: isChosen,
      ...(description === null ? {} : { description }),
    })),
  };
}
