import type { APIEmbed } from 'discord.js';
import type { Message } from '../render/message.ts';

const SHORT_CHARACTERS = 8;

/** The part of an outbox id that a message carries, so that it can be found again in the channel. */
export function shortIdOf(id: string): string {
  return id.slice(0, SHORT_CHARACTERS);
}

/** Writes the short id under the last card, or under the text when there is no card. */
export function signMessage(message: Message, shortId: string): Message {
  const last = message.embeds.at(-1);
  if (last === undefined) return { ...message, content: `${message.content}\n${smallPrint(shortId)}`.trimStart() };
  return { ...message, embeds: [...message.embeds.slice(0, -1), signEmbed(last, shortId)] };
}

export function isSignedWith(message: Pick<Message, 'content' | 'embeds'>, shortId: string): boolean {
  const footer = message.embeds.at(-1)?.footer?.text ?? '';
  return footer === shortId || footer.endsWith(` ${shortId}`) || message.content.split('\n').at(-1) === smallPrint(shortId);
}

/** Told to people when a message may be there twice. */
export function markPossibleRepeat(message: Message): Message {
  return { ...message, content: `${message.content}\n${smallPrint('possible repeat')}`.trimStart() };
}

function signEmbed(embed: APIEmbed, shortId: string): APIEmbed {
  const text = embed.footer?.text ?? '';
  // A card of a run ends with the run's id, and a run's message has the run's id.
  if (text.endsWith(` ${shortId}`)) return embed;
  return { ...embed, footer: { ...embed.footer, text: text === '' ? shortId : `${text} · ${shortId}` } };
}

const smallPrint = (text: string): string => `-# ${text}`;
