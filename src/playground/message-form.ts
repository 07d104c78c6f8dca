import { z } from 'zod';
import { componentsSchema } from './component-form.ts';
import { addIssue, list, REQUIRED, text } from './form.ts';
import { LIMITS } from './limits.ts';

export type { Component } from './component-form.ts';

const link = (meaning: string) =>
  z
    .string()
    .superRefine((value, context) => {
      if (!/^(https?|attachment):\/\/\S+$/.test(value)) {
        addIssue(context, { path: [], code: 'URL_TYPE_INVALID_URL', message: 'Not a well formed URL.' });
      }
    })
    .describe(`${meaning}; http, https or attachment`);

const picture = z.object({ url: link('Address of the picture') });

const fieldSchema = z.object({
  name: text('Name of the field', { min: 1, max: LIMITS.embedFieldNameChars }),
  value: text('Text of the field', { min: 1, max: LIMITS.embedFieldValueChars }),
  inline: z.boolean().nullish().describe('Beside its neighbours on a wide screen'),
});

export const embedSchema = z
  .object({
    title: text('Heading', { max: LIMITS.embedTitleChars }).nullish(),
    description: text('Body', { max: LIMITS.embedDescriptionChars }).nullish(),
    url: link('Where the heading leads').nullish(),
    color: z.int().min(0).max(0xffffff).nullish().describe('Stripe; RGB, 0–0xffffff'),
    timestamp: z.string().nullish().describe('Time in the footer; ISO 8601'),
    author: z
      .object({
        name: text('Author line', { min: 1, max: LIMITS.embedAuthorChars }),
        url: link('Where it leads').nullish(),
        icon_url: link('Its icon').nullish(),
      })
      .nullish(),
    footer: z
      .object({ text: text('Footer line', { min: 1, max: LIMITS.embedFooterChars }), icon_url: link('Its icon').nullish() })
      .nullish(),
    image: picture.nullish().describe('Large picture'),
    thumbnail: picture.nullish().describe('Small picture'),
    fields: list('Named values', fieldSchema, { max: LIMITS.embedFields }).nullish(),
  })
  .superRefine((embed, context) => {
    const shown = [embed.title, embed.description, embed.author, embed.footer, embed.image, embed.thumbnail, embed.fields?.[0]];
    if (shown.every((part) => part === undefined || part === null || part === ''))
      addIssue(context, { ...REQUIRED, path: ['description'] });
  });

export type Embed = z.infer<typeof embedSchema>;

const snowflakes = (meaning: string) => list(meaning, z.string().regex(/^\d{15,20}$/), { max: LIMITS.mentions });

const allowedMentionsSchema = z
  .object({
    parse: z
      .array(z.enum(['users', 'roles', 'everyone']))
      .nullish()
      .describe('Kinds of mention that may ping'),
    users: snowflakes('Users that may be pinged').nullish(),
    roles: snowflakes('Roles that may be pinged').nullish(),
    replied_user: z.boolean().nullish().describe('Whether a reply pings its author'),
  })
  .superRefine(({ parse, users, roles }, context) => {
    for (const [kind, ids] of [
      ['users', users],
      ['roles', roles],
    ] as const) {
      if (!parse?.includes(kind) || !ids?.length) continue;
      const message = `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`;
      addIssue(context, { path: [], code: 'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE', message });
    }
  });

export type AllowedMentions = z.infer<typeof allowedMentionsSchema>;

const nonceSchema = z.union([z.string(), z.int()]).superRefine((nonce, context) => {
  if (String(nonce).length <= LIMITS.nonceChars) return;
  addIssue(context, { path: [], code: 'NONCE_TYPE_TOO_LONG', message: `Must be ${LIMITS.nonceChars} or fewer characters long.` });
});

const attachmentSchema = z.object({
  id: z.union([z.string(), z.int()]).describe('Number of the uploaded file, or the id of an attachment to keep'),
  filename: z.string().nullish().describe('Another name for the file'),
  description: text('Alt text', { max: LIMITS.altTextChars }).nullish(),
});

/** A message as it is sent or edited. On an edit, what is absent stays and null clears. */
export const messageSchema = z
  .object({
    content: text('Text', { max: LIMITS.contentChars }).nullish(),
    embeds: list('Cards', embedSchema, { max: LIMITS.embeds }).nullish(),
    components: componentsSchema.nullish(),
    flags: z.int().min(0).nullish().describe('Bits: 64 ephemeral, 4 without link previews, 4096 silent'),
    allowed_mentions: allowedMentionsSchema.nullish(),
    attachments: z.array(attachmentSchema).nullish().describe('Uploads described, earlier attachments kept'),
    nonce: nonceSchema.nullish().describe('Name of this sending, so that it can be recognised; characters, at most 25'),
    enforce_nonce: z.boolean().nullish().describe('Send nothing if the nonce was used in the past minutes'),
    message_reference: z
      .object({ message_id: z.string(), fail_if_not_exists: z.boolean().nullish() })
      .nullish()
      .describe('Message this one replies to'),
  })
  .superRefine(({ embeds }, context) => {
    if ((embeds ?? []).reduce((sum, embed) => sum + countChars(embed), 0) <= LIMITS.embedTotalChars) return;
    const message = `Embed size exceeds maximum size of ${LIMITS.embedTotalChars}`;
    addIssue(context, { path: ['embeds'], code: 'MAX_EMBED_SIZE_EXCEEDED', message });
  });

export type MessageForm = z.infer<typeof messageSchema>;
export type AttachmentForm = z.infer<typeof attachmentSchema>;

function countChars(embed: Embed): number {
  const fields = (embed.fields ?? []).flatMap(({ name, value }) => [name, value]);
  return [embed.title, embed.description, embed.author?.name, embed.footer?.text, ...fields].reduce(
    (sum, part) => sum + (part?.length ?? 0),
    0,
  );
}
