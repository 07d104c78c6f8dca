import { z } from 'zod';
import { refuse } from './api-error.ts';
import type { UploadedFile } from './attachments.ts';
import { invalidForm, list, parseForm, text, within } from './form.ts';
import { FIRST_ANSWER_MS, LIMITS, TOKEN_LIFE_MS } from './limits.ts';
import { deleteMessage, editMessage, findMessage, MESSAGE_TYPES, postLoading, sendMessage } from './messages.ts';
import { modalSchema } from './modal-form.ts';
import type { Interaction, Message, World } from './world.ts';

export const ANSWERS = { message: 4, defer: 5, deferUpdate: 6, update: 7, suggestions: 8, modal: 9 } as const;

const answerSchema = z.object({
  type: z.int().describe('Kind of answer; 4 message, 5 message later, 6 edit later, 7 edit, 8 suggestions, 9 modal'),
  data: z.unknown().optional().describe('What the kind needs'),
});

const deferSchema = z.object({ flags: z.int().nullish().describe('Bits: 64 ephemeral') }).nullish();

const suggestionsSchema = z.object({
  choices: list(
    'What is offered',
    z.object({
      name: text('As shown', { min: 1, max: LIMITS.choiceNameChars }),
      value: z.union([text('Sent when taken', { max: LIMITS.suggestedValueChars }), z.number()]),
    }),
    { max: LIMITS.commandChoices },
  ),
});

/** The message that was made or changed; null when the answer is none. */
type Answer = (world: World, interaction: Interaction, data: unknown, files: readonly UploadedFile[]) => Message | null;

const newMessage = [
  [ANSWERS.message, answerWithMessage],
  [ANSWERS.defer, answerLater],
] as const;

const sourceEdit = [
  [ANSWERS.deferUpdate, findSource],
  [ANSWERS.update, updateSource],
] as const;

const modal = [ANSWERS.modal, openModal] as const;

/** Which answers an interaction takes: a modal opens no further modal, and only what came from a message can edit it. */
function answersOf({ kind, sourceId }: Interaction): ReadonlyMap<number, Answer> {
  switch (kind) {
    case 'command':
      return new Map<number, Answer>([...newMessage, modal]);
    case 'component':
      return new Map<number, Answer>([...newMessage, ...sourceEdit, modal]);
    case 'modal':
      return new Map<number, Answer>([...newMessage, ...(sourceId === null ? [] : sourceEdit)]);
    case 'autocomplete':
      return new Map<number, Answer>([[ANSWERS.suggestions, suggest]]);
  }
}

/** The first answer to an interaction: within three seconds, and once. */
export function answerInteraction(
  world: World,
  { id, token }: { readonly id: string; readonly token: string },
  body: unknown,
  files: readonly UploadedFile[],
): Message | null {
  const interaction = world.interactions.get(id);
  if (interaction === undefined || interaction.token !== token) throw refuse('unknownInteraction');
  if (interaction.firstAnswer !== null) throw refuse('alreadyAcknowledged');
  const atMs = world.clock();
  if (atMs - interaction.createdAtMs > FIRST_ANSWER_MS) throw refuse('unknownInteraction');

  const { type, data } = parseForm(answerSchema, body);
  const answers = answersOf(interaction);
  const answer = answers.get(type);
  if (answer === undefined) {
    const message = `Value must be one of {${[...answers.keys()].join(', ')}}.`;
    throw invalidForm([{ path: ['type'], code: 'BASE_TYPE_CHOICES', message }]);
  }
  const message = within('data', () => answer(world, interaction, data, files));
  interaction.firstAnswer = { type, atMs, ephemeral: message?.ephemeral ?? false };
  interaction.originalId = message?.id ?? null;
  world.announceChange();
  return message;
}

/** The interaction a webhook address belongs to, while its token lives. */
export function findByToken(
  world: World,
  { applicationId, token }: { readonly applicationId: string; readonly token: string },
): Interaction {
  if (applicationId !== world.bot.id) throw refuse('unknownWebhook');
  const interaction = [...world.interactions.values()].find((candidate) => candidate.token === token);
  if (interaction === undefined || world.clock() - interaction.createdAtMs > TOKEN_LIFE_MS) throw refuse('invalidWebhookToken');
  if (interaction.firstAnswer === null || interaction.kind === 'autocomplete') throw refuse('unknownWebhook');
  return interaction;
}

/** A message that belongs to the interaction: `@original`, or a follow-up by its id. */
export function findAnswer(world: World, interaction: Interaction, messageId: string): Message {
  const id = messageId === '@original' ? interaction.originalId : messageId;
  if (id !== interaction.originalId && !interaction.followUpIds.includes(String(id))) throw refuse('unknownMessage');
  return findMessage(world, interaction.channelId, id);
}

export function sendFollowUp(world: World, interaction: Interaction, body: unknown, files: readonly UploadedFile[]): Message {
  // Discord takes the first follow-up to a deferred answer as its text, not as a further message.
  const original = world.messages.get(interaction.channelId)?.find(({ id }) => id === interaction.originalId);
  if (original?.revisions.at(-1)?.loading) return editMessage(world, original, body, files);

  const { channelId } = interaction;
  const message = sendMessage(world, { channelId, author: world.bot, type: MESSAGE_TYPES.ordinary, interaction, body, files });
  if (!interaction.followUpIds.includes(message.id)) interaction.followUpIds.push(message.id);
  world.announceChange();
  return message;
}

export function deleteAnswer(world: World, interaction: Interaction, messageId: string): void {
  deleteMessage(world, findAnswer(world, interaction, messageId));
}

function answerWithMessage(world: World, interaction: Interaction, data: unknown, files: readonly UploadedFile[]): Message {
  const { channelId } = interaction;
  return sendMessage(world, { channelId, author: world.bot, type: MESSAGE_TYPES.command, interaction, body: data, files });
}

function answerLater(world: World, interaction: Interaction, data: unknown): Message {
  const flags = parseForm(deferSchema, data)?.flags ?? 0;
  return postLoading(world, interaction, (flags & 64) !== 0);
}

/** The message whose button or select was used, which the bot will edit or leave as it is. */
function findSource(world: World, { channelId, sourceId }: Interaction): Message {
  return findMessage(world, channelId, sourceId);
}

function updateSource(world: World, interaction: Interaction, data: unknown, files: readonly UploadedFile[]): Message {
  return editMessage(world, findSource(world, interaction), data, files);
}

function suggest(_world: World, interaction: Interaction, data: unknown): null {
  interaction.suggestions = parseForm(suggestionsSchema, data).choices;
  return null;
}

function openModal(world: World, interaction: Interaction, data: unknown): null {
  world.modals.set(interaction.id, { form: parseForm(modalSchema, data), openedBy: interaction, state: 'open' });
  return null;
}
