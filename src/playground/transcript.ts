import { COMPONENT } from './component-type.ts';
import type { Embed } from './message-form.ts';
import type { ChannelView, MessageView } from './view.ts';

export type TranscriptOptions = {
  /** What "5 minutes ago" counts from; without it, each message's own time. */
  readonly nowMs?: number;
};

/** A channel as text, the way a phone shows it: who, when, words, cards, pictures and buttons. Times are UTC. */
export function transcribe(channel: ChannelView, { nowMs }: TranscriptOptions = {}): string {
  const parts = channel.messages.map((message) => transcribeMessage(message, channel.nameOf, nowMs ?? message.atMs));
  return [`# ${channel.name}`, ...parts].join('\n\n');
}

type NameOf = ChannelView['nameOf'];

function transcribeMessage(message: MessageView, nameOf: NameOf, nowMs: number): string {
  const show = (text: string) => showMarkup(text, nameOf, nowMs);
  const body = [
    ...(message.loading ? ['… is thinking'] : []),
    ...linesOf(show(message.content)),
    ...message.embeds.flatMap((embed) => transcribeEmbed(embed, message, show)),
    ...message.attachments.filter(({ inEmbed }) => !inEmbed).map(showAttachment),
    ...message.components.map((row) => row.components.map(showControl).join(' ')),
    ...(message.ephemeral ? [`(only ${message.answers?.user.name ?? 'one member'} sees this)`] : []),
  ];
  return [...heading(message), ...body.map((line) => (line === '' ? '' : `  ${line}`))].join('\n');
}

function heading({ author, createdAtMs, revisions, answers, loading }: MessageView): readonly string[] {
  const edits = revisions.filter((revision) => !revision.loading).length - 1;
  const edited = edits > 0 && !loading ? ' (edited)' : '';
  const who = `${author.name}${author.bot ? ' [app]' : ''}  ${clockTime(createdAtMs)}${edited}`;
  return answers?.first ? [`${answers.user.name} used ${answers.typed}`, who] : [who];
}

function transcribeEmbed(embed: Embed, message: MessageView, show: (text: string) => string): readonly string[] {
  const footer = [embed.footer?.text, embed.timestamp && showTime(Date.parse(embed.timestamp), 'f', 0)].filter((part) => part).join(' • ');
  const lines = [
    ...linesOf(embed.author?.name),
    ...(embed.title ? [`**${embed.title}**`] : []),
    ...linesOf(embed.description && show(embed.description)),
    ...(embed.fields ?? []).flatMap(({ name, value }) => ['', `**${name}**`, ...linesOf(show(value))]),
    ...[embed.thumbnail, embed.image].flatMap((picture) => (picture ? [showPicture(picture.url, message)] : [])),
    ...(footer === '' ? [] : ['', footer]),
  ];
  return lines.map((line) => `│ ${line}`.trimEnd());
}

function showPicture(url: string, { attachments }: MessageView): string {
  const attachment = attachments.find(({ name }) => url === `attachment://${name}`);
  return attachment === undefined ? `[image: ${url}]` : showAttachment(attachment);
}

function showAttachment({ name, contentType, description }: MessageView['attachments'][number]): string {
  const kind = contentType.startsWith('image/') ? 'image' : 'file';
  return `[${kind}: ${name}${description === null ? '' : ` – ${description}`}]`;
}

function showControl(control: MessageView['components'][number]['components'][number]): string {
  const caption =
    control.type === COMPONENT.button
      ? [control.emoji?.name, control.label].filter((part) => part).join(' ')
      : showMenu('options' in control ? control.options : [], control.placeholder);
  return control.disabled ? `(${caption})` : `[${caption}]`;
}

/** A closed menu: what is chosen beforehand, or the words that ask for a choice. */
export function showMenu(options: readonly Chosen[], placeholder: string | null | undefined): string {
  const chosen = options.filter((option) => option.default).map(({ label }) => label);
  return `▾ ${chosen.join(', ') || placeholder || 'Make a selection'}`;
}

type Chosen = { readonly label: string; readonly default?: boolean | null | undefined };

/** Mentions become names and timestamps become times; everything else, code blocks too, stays as written. */
function showMarkup(text: string, nameOf: NameOf, nowMs: number): string {
  return text
    .split(/(```[\s\S]*?```|`[^`\n]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : showMentions(part, nameOf, nowMs)))
    .join('');
}

function showMentions(text: string, nameOf: NameOf, nowMs: number): string {
  return text
    .replaceAll(/<(@!?|@&|#)(\d+)>/g, (mention, sign: string, id: string) => {
      const name = nameOf(id);
      return name === null ? mention : `${sign === '#' ? '#' : '@'}${name}`;
    })
    .replaceAll(/<t:(-?\d+)(?::([tTdDfFR]))?>/g, (_, seconds: string, style: string | undefined) =>
      showTime(Number(seconds) * 1000, style ?? 'f', nowMs),
    );
}

function showTime(atMs: number, style: string, nowMs: number): string {
  if (style === 'R') return relativeTime(atMs - nowMs);
  if (style === 't' || style === 'T') return clockTime(atMs);
  return style === 'd' || style === 'D' ? day(atMs) : `${day(atMs)} ${clockTime(atMs)}`;
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

function relativeTime(differenceMs: number): string {
  const [unit, unitMs] = UNITS.find(([, ms]) => Math.abs(differenceMs) >= ms) ?? (['second', 1_000] as const);
  return new Intl.RelativeTimeFormat('en').format(Math.round(differenceMs / unitMs), unit);
}

function clockTime(ms: number): string {
  return new Date(ms).toISOString().slice(11, 16);
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function linesOf(text: string | null | undefined): readonly string[] {
  return text ? text.split('\n') : [];
}
