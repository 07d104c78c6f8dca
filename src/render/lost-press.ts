import { type Message, textMessage } from './message.ts';

/** What somebody asked for when the bot that took it ended before it could answer. */
export type LostPress = { readonly kind: 'command' | 'button'; readonly asked: string };

/** Says that nothing came of a press and what to do again. With the user it stands alone in the channel; else it takes the place of the reply. */
export function renderLostPress({ kind, asked }: LostPress, userId: string | null): Message {
  const { what, again } = kind === 'command' ? WORDS_OF_COMMAND : WORDS_OF_BUTTON;
  const words = `Scalpdesk was restarted or cut off before it could answer ${what}. ${again}\n\`\`\`\n${quotable(asked)}\n\`\`\``;
  return userId === null ? textMessage(words) : { ...textMessage(`<@${userId}> ${words}`), mentionedUserIds: [userId] };
}

const WORDS_OF_COMMAND = { what: 'this command', again: 'No run was started. Give it again:' };
/** What a button does takes no time: it may be done, and pressing it again says so. */
const WORDS_OF_BUTTON = { what: 'this button', again: 'It may have had no effect. Press it again:' };

/** A block of code ends with three of these, and nothing else in it means anything to Discord. */
const quotable = (text: string): string => text.replaceAll('`', "'");
