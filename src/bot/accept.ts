import type { BaseInteraction } from 'discord.js';
import { afterMs } from './asker.ts';
import { isAlreadyAcknowledged, isUnknownInteraction, withoutToken } from './discord-errors.ts';
import type { PressedInteraction, RouterPorts } from './router-ports.ts';

type Accepting = {
  readonly press: PressedInteraction;
  /** Which command, button or form it is, for the figures. */
  readonly name: string;
  readonly acknowledge: () => Promise<unknown>;
};

/** Ours to answer; whether it is written down, so that it has one effect however often it comes. */
export type Accepted = { readonly isKept: boolean };

type Ports = Pick<RouterPorts, 'presses' | 'noteAcknowledged' | 'nowMs' | 'reportBug'>;

/**
 * Acknowledges a press and writes it down, both at the same moment: neither waits for the other, and a bot that dies next has done both.
 * Null when it is not ours to answer: somebody else wrote it down first, or Discord did not take the acknowledgement.
 */
export async function accept(
  interaction: BaseInteraction,
  { press, name, acknowledge }: Accepting,
  ports: Ports,
): Promise<Accepted | null> {
  const { presses, noteAcknowledged, nowMs, reportBug } = ports;
  const [kept, acknowledged] = await Promise.all([keep(), tryAcknowledge()]);

  if (kept === 'known') return null;
  if (acknowledged === 'acknowledged') return { isKept: kept === 'new' };
  reportBug(withoutToken(acknowledged.error), interaction.id);
  // Who never heard of us waits for nothing; where the answer was lost somebody looks whether it arrived.
  if (isUnknownInteraction(acknowledged.error)) presses.noteAnswered(interaction.id);
  else presses.letGo(interaction.id);
  return null;

  async function keep(): Promise<'new' | 'known' | 'not kept'> {
    try {
      return (await presses.keep(press)) ? 'new' : 'known';
    } catch (error) {
      reportBug(error, interaction.id);
      return 'not kept';
    }
  }

  async function tryAcknowledge(): Promise<'acknowledged' | { readonly error: unknown }> {
    try {
      await acknowledge();
    } catch (error) {
      // By another process, or by ourselves when Discord took it and its answer was lost: whoever wrote it down goes on.
      return isAlreadyAcknowledged(error) ? 'acknowledged' : { error };
    }
    noteAcknowledged(name, afterMs(interaction, nowMs()));
    return 'acknowledged';
  }
}
