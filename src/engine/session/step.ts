import type { SessionInput } from './input.ts';
import type { Session } from './session.ts';
import { nothingHappened, type SessionStep } from './session-step.ts';
import { changeSettings, haltByCommand, resume } from './take-command.ts';
import { closeOrder, takeFill } from './take-fill.ts';
import { takeBars, takeFunding, takeHistory, takeMark } from './take-market.ts';

/**
 * One input of a session: the next session and what happened. Nothing given is changed; the same session and input give
 * the same answer, so that the fold of the log of inputs is the session. An input that cannot be is refused and changes nothing.
 */
export function step(session: Session, input: SessionInput): SessionStep {
  switch (input.kind) {
    case 'history':
      return takeHistory(session, input);
    case 'bars':
      return takeBars(session, input);
    case 'mark':
      return takeMark(session, input);
    case 'funding':
      return takeFunding(session, input);
    case 'plan':
      return nothingHappened({ ...session, arrived: { plan: input.plan, requestedBy: input.requestedBy } });
    case 'fill':
      return takeFill(session, input);
    case 'order_closed':
      return closeOrder(session, input);
    case 'settings':
      return changeSettings(session, input);
    case 'resume':
      return resume(session, input);
    case 'halt':
      return haltByCommand(session, input);
  }
}
