import type { BlockReason, EngineEvent, ReplanRequest, Trade } from '../result.ts';
import type { OrderIntent } from './intent.ts';
import type { Session } from './session.ts';

/** The session after an input, and what happened on the way, in order. */
export type SessionStep = {
  readonly session: Session;
  readonly events: readonly EngineEvent[];
  readonly trades: readonly Trade[];
  readonly blocks: readonly { readonly trigger_id: string; readonly reason: BlockReason }[];
  /** For a live session: what to send to the venue and what to take back. The simulated broker of a paper session needs no telling. */
  readonly intents: readonly OrderIntent[];
  /** The market monitor asks for a new plan. */
  readonly request: ReplanRequest | null;
};

export function nothingHappened(session: Session): SessionStep {
  return { session, events: [], trades: [], blocks: [], intents: [], request: null };
}
