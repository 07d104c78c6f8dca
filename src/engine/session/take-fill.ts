import { Refusal } from '../refusal.ts';
import { beginBar } from '../step/advance.ts';
import type { InputOf } from './input.ts';
import { orderId } from './intent.ts';
import { openRun } from './open-run.ts';
import { reportFill } from './report-fill.ts';
import { type Session, symbolIndexOf } from './session.ts';
import type { SessionStep } from './session-step.ts';

export function takeFill(session: Session, input: InputOf<'fill'>): SessionStep {
  if (session.markets.fills === 'simulated') throw new Refusal('A fill was reported to a paper session; its fills are simulated');
  const index = symbolIndexOf(session, input.symbol);
  const { run, told } = openRun(session);
  beginBar(run, input.barOpenMs);
  reportFill(run, index, input);
  return { session: { ...session, account: run.state }, ...told, request: null };
}

export function closeOrder(session: Session, { timeMs, orderId: closed, reason }: InputOf<'order_closed'>): SessionStep {
  const { run, told } = openRun(session);
  const index = session.markets.symbols.findIndex((symbol, at) => {
    const order = run.state.symbols[at]?.order ?? null;
    return order !== null && orderId(symbol, order) === closed;
  });
  const symbol = run.state.symbols[index];
  if (symbol === undefined) throw new Refusal(`Order ${closed} was reported as closed, but it does not wait; name one that does`);
  symbol.order = null;
  told.events.push({ time: timeMs, kind: 'order_closed', symbol: session.markets.symbols[index], order_id: closed, reason });
  return { session: { ...session, account: run.state }, ...told, request: null };
}
