import { refuse } from './api-error.ts';
import { type FormIssue, invalidForm } from './form.ts';
import { LIMITS } from './limits.ts';
import type { AttachmentForm, Embed } from './message-form.ts';
import type { Attachment, World } from './world.ts';

/** A file of a multipart body: `files[2]` has index 2. */
export type UploadedFile = { readonly index: number; readonly name: string; readonly bytes: Uint8Array; readonly contentType: string };

const FILE_NAME = /^[A-Za-z0-9_.-]+$/;

type Wanted = {
  readonly channelId: string;
  /** The message's list of attachments; null if it says nothing, then all earlier ones stay. */
  readonly listed: readonly AttachmentForm[] | null;
  readonly files: readonly UploadedFile[];
  readonly earlier: readonly Attachment[];
};

/** The attachments a message has after it was sent or edited: earlier ones kept, then the new files. */
export function attach(world: World, { channelId, listed, files, earlier }: Wanted): readonly Attachment[] {
  refuseForeignIds(listed ?? [], files, earlier);
  const kept = listed === null ? earlier : earlier.filter(({ id }) => listed.some((entry) => String(entry.id) === id));
  if (kept.length + files.length > LIMITS.files) throw refuse('tooManyAttachments');

  const added = files.map((file) => {
    const entry = listed?.find(({ id }) => String(id) === String(file.index)) ?? null;
    return upload(world, channelId, { ...file, name: entry?.filename ?? file.name, description: entry?.description || null });
  });
  return [...kept, ...added];
}

export function upload(
  world: World,
  channelId: string,
  file: Omit<UploadedFile, 'index'> & { readonly description: string | null },
): Attachment {
  if (file.bytes.byteLength > LIMITS.fileBytes) throw refuse('tooLarge');
  // Discord would rename the file, and every attachment:// that names it would miss; here it is refused at once.
  if (!FILE_NAME.test(file.name)) {
    throw invalidForm([
      { path: ['attachments', 'filename'], code: 'STRING_TYPE_REGEX', message: 'String value did not match validation regex.' },
    ]);
  }
  const id = world.newId();
  const path = `/attachments/${channelId}/${id}/${file.name}`;
  const { name, bytes, contentType, description } = file;
  const attachment = { id, name, bytes, contentType, description, url: `${world.origin}${path}` };
  world.uploads.set(path, attachment);
  return attachment;
}

/** Every attachment:// in the cards must name a file of the same message. */
export function checkReferences(embeds: readonly Embed[], attachments: readonly Attachment[]): void {
  const names = new Set(attachments.map(({ name }) => name));
  const issues = embeds.flatMap((embed, index) =>
    listLinks(embed).flatMap(({ path, url }): FormIssue[] => {
      const name = referencedName(url);
      if (name === null || names.has(name)) return [];
      const message = `The referenced attachment was not found: ${name}`;
      return [{ path: ['embeds', index, ...path], code: 'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND', message }];
    }),
  );
  if (issues.length > 0) throw invalidForm(issues);
}

/** Whether a card shows the attachment, so that it does not also stand below the text. */
export function isEmbedded(attachment: Attachment, embeds: readonly Embed[]): boolean {
  return embeds.some((embed) => listLinks(embed).some(({ url }) => referencedName(url) === attachment.name));
}

export function referencedName(url: string): string | null {
  return url.startsWith('attachment://') ? url.slice('attachment://'.length) : null;
}

function listLinks(embed: Embed): readonly { readonly path: readonly string[]; readonly url: string }[] {
  const links = [
    { path: ['image', 'url'], url: embed.image?.url },
    { path: ['thumbnail', 'url'], url: embed.thumbnail?.url },
    { path: ['author', 'icon_url'], url: embed.author?.icon_url },
    { path: ['footer', 'icon_url'], url: embed.footer?.icon_url },
  ];
  return links.flatMap(({ path, url }) => (url ? [{ path, url }] : []));
}

function refuseForeignIds(listed: readonly AttachmentForm[], files: readonly UploadedFile[], earlier: readonly Attachment[]): void {
  const known = new Set([...earlier.map(({ id }) => id), ...files.map(({ index }) => String(index))]);
  const issues = listed.flatMap(({ id }, index): FormIssue[] => {
    if (known.has(String(id))) return [];
    return [{ path: ['attachments', index, 'id'], code: 'ATTACHMENT_NOT_FOUND', message: `Attachment ${id} not found` }];
  });
  if (issues.length > 0) throw invalidForm(issues);
}
