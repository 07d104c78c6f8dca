import { Refusal } from '../engine/refusal.ts';
import { WORK_KINDS, type Work, type WorkKind } from '../engine/work.ts';
import { textMessage } from '../render/message.ts';
import { CANCEL, CANCELLED_BY_DEFAULT, renderProgress } from '../render/progress.ts';
import { shortRunId } from '../render/run-list.ts';
import { askedRunId } from './asked-run-id.ts';
import type { CommandContext } from './command.ts';
import type { Component, PressAnswer } from './component.ts';
import type { KnownWork } from './ports.ts';

/** What to type to see more of each kind of work: when it is not there, and when it has ended. */
const TYPE: Readonly<Record<WorkKind, { readonly whenMissing: string; readonly whenOver: (id: string) => string }>> = {
  run: { whenMissing: '/runs list shows those there are', whenOver: (id) => `/runs show id:${id}` },
  fetch: { whenMissing: '/candles coverage shows what is kept', whenOver: () => '/candles coverage' },
  comparison: { whenMissing: '/runs list shows the runs there are', whenOver: () => '/runs list' },
};

/** Stops work that waits or is done: whoever asked for it may, and admins. The first press wins, later ones hear of it. */
export const cancelButton: Component = {
  kind: 'press',
  name: CANCEL,
  permission: 'viewer',
  press: async ([id, kind = CANCELLED_BY_DEFAULT], context) => {
    const work = { kind: askedKind(kind), id: askedRunId(id ?? '') };
    const known = await context.readWork(work);
    if (known === null) throw new Refusal(`There is no ${work.kind} ${shortRunId(work.id)} in this server; ${TYPE[work.kind].whenMissing}`);
    if (!mayCancel(known, context)) {
      return { update: null, notice: textMessage(`Only ${askerOf(known)} and admins of this server can cancel ${nameOf(work)}.`) };
    }
    const cancelled = await context.cancelWork(work);
    if (cancelled.kind === 'over') return tellOver(work, cancelled.known);
    return { update: renderProgress({ work, heading: known.heading }, { kind: 'cancelled', by: context.userId }), notice: null };
  },
};

function askedKind(text: string): WorkKind {
  const kind = WORK_KINDS.find((candidate) => candidate === text);
  if (kind === undefined) throw new Refusal('This button is of an older version; give the command again');
  return kind;
}

function mayCancel({ requestedBy }: KnownWork, { userId, isAdmin }: CommandContext): boolean {
  return isAdmin || (requestedBy !== null && requestedBy === userId);
}

function askerOf({ requestedBy }: KnownWork): string {
  return requestedBy === null ? 'whoever asked for it' : `<@${requestedBy}>`;
}

function nameOf({ kind, id }: Work): string {
  return `${kind} \`${shortRunId(id)}\``;
}

/** The button stood there a little too long: the reply is brought up to date as well. */
function tellOver(work: Work, { heading, progress, state }: KnownWork): PressAnswer {
  const name = nameOf(work);
  const named = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const said =
    progress.kind === 'cancelled'
      ? `${named} is already cancelled by <@${progress.by}>.`
      : `${named} had ended before that: it is ${state}. See \`${TYPE[work.kind].whenOver(shortRunId(work.id))}\`.`;
  return { update: renderProgress({ work, heading }, progress), notice: textMessage(said) };
}
