import { Refusal } from '../engine/refusal.ts';
import { textMessage } from '../render/message.ts';
import { CANCEL, renderProgress } from '../render/progress.ts';
import { shortRunId } from '../render/run-list.ts';
import { askedRunId } from './asked-run-id.ts';
import type { CommandContext } from './command.ts';
import type { Component, PressAnswer } from './component.ts';
import type { KnownRun } from './ports.ts';

/** Stops a run that waits or is worked on: whoever asked for it may, and admins. The first press wins, later ones hear of it. */
export const cancelButton: Component = {
  name: CANCEL,
  permission: 'viewer',
  press: async ([id], context) => {
    const runId = askedRunId(id ?? '');
    const run = await context.readRun(runId);
    if (run === null) throw new Refusal(`There is no run ${shortRunId(runId)} in this server; /runs list shows those there are`);
    if (!mayCancel(run, context)) {
      return {
        update: null,
        notice: textMessage(`Only ${askerOf(run)} and admins of this server can cancel run \`${shortRunId(runId)}\`.`),
      };
    }
    const cancelled = await context.cancelRun(runId);
    if (cancelled.kind === 'over') return tellOver(cancelled.run);
    return { update: renderProgress({ runId: run.id, heading: run.heading }, { kind: 'cancelled', by: context.userId }), notice: null };
  },
};

function mayCancel({ requestedBy }: KnownRun, { userId, isAdmin }: CommandContext): boolean {
  return isAdmin || (requestedBy !== null && requestedBy === userId);
}

function askerOf({ requestedBy }: KnownRun): string {
  return requestedBy === null ? 'whoever asked for it' : `<@${requestedBy}>`;
}

/** The button stood there a little too long: the reply is brought up to date as well. */
function tellOver(run: KnownRun): PressAnswer {
  const id = shortRunId(run.id);
  const { progress } = run;
  const said =
    progress.kind === 'cancelled'
      ? `Run \`${id}\` is already cancelled by <@${progress.by}>.`
      : `Run \`${id}\` had ended before that: it is ${run.state}. See \`/runs show id:${id}\`.`;
  return { update: renderProgress({ runId: run.id, heading: run.heading }, progress), notice: textMessage(said) };
}
