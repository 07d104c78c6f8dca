import { INTERACTION_TYPES } from './interaction-payload.ts';
import { answerInteraction, deleteAnswer, findAnswer, findByToken, sendFollowUp } from './interactions.ts';
import { messageJson } from './message-json.ts';
import { current, editMessage } from './messages.ts';
import { type Bucket, type Call, NO_CONTENT, ok, type Route } from './route.ts';
import type { World } from './world.ts';

const major = ['applicationId', 'token'];
const FOLLOW_UPS: Bucket = { name: 'follow-ups', limit: 5, windowMs: 5_000, major };
const ANSWER_EDITS: Bucket = { name: 'answer-edits', limit: 5, windowMs: 5_000, major };

const WEBHOOK = '/webhooks/:applicationId/:token';
const ANSWER = `${WEBHOOK}/messages/:messageId`;

/** Answers to interactions: the first one by its callback, later ones as messages of a webhook. */
export function interactionRoutes(world: World): readonly Route[] {
  const auth = 'token in the path';
  const interactionOf = ({ param }: Call) => findByToken(world, { applicationId: param('applicationId'), token: param('token') });
  const answerOf = (call: Call) => findAnswer(world, interactionOf(call), call.param('messageId'));
  return [
    {
      name: 'answer-interaction',
      method: 'POST',
      path: '/interactions/:interactionId/:token/callback',
      auth,
      bucket: null,
      run: (call) => {
        const id = call.param('interactionId');
        const message = answerInteraction(world, { id, token: call.param('token') }, call.body, call.files);
        if (call.query.get('with_response') !== 'true') return NO_CONTENT;
        const interaction = world.interactions.get(id);
        const answered = { id, type: interaction === undefined ? 0 : INTERACTION_TYPES[interaction.kind] };
        if (message === null) return ok({ interaction: answered, resource: { type: interaction?.firstAnswer?.type } });
        const told = {
          response_message_id: message.id,
          response_message_loading: current(message).loading,
          response_message_ephemeral: message.ephemeral,
        };
        const resource = { type: interaction?.firstAnswer?.type, message: messageJson(world, message) };
        return ok({ interaction: { ...answered, ...told }, resource });
      },
    },
    {
      name: 'send-follow-up',
      method: 'POST',
      path: WEBHOOK,
      auth,
      bucket: FOLLOW_UPS,
      run: (call) => ok(messageJson(world, sendFollowUp(world, interactionOf(call), call.body, call.files))),
    },
    { name: 'get-answer', method: 'GET', path: ANSWER, auth, bucket: ANSWER_EDITS, run: (call) => ok(messageJson(world, answerOf(call))) },
    {
      name: 'edit-answer',
      method: 'PATCH',
      path: ANSWER,
      auth,
      bucket: ANSWER_EDITS,
      run: (call) => ok(messageJson(world, editMessage(world, answerOf(call), call.body, call.files))),
    },
    {
      name: 'delete-answer',
      method: 'DELETE',
      path: ANSWER,
      auth,
      bucket: ANSWER_EDITS,
      run: (call) => {
        deleteAnswer(world, interactionOf(call), call.param('messageId'));
        return NO_CONTENT;
      },
    },
  ];
}
