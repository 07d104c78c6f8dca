import { z } from 'zod';
import { LIMITS } from './limits.ts';

export const OP = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  resume: 6,
  reconnect: 7,
  invalidSession: 9,
  hello: 10,
  acknowledge: 11,
} as const;
/** Presence, voice, members and soundboard: a bot may send them, nothing here listens. */
export const UNHEARD_OPS: readonly number[] = [3, 4, 8, 31];

export const CLOSE = {
  unknownOpcode: 4001,
  decodeError: 4002,
  notAuthenticated: 4003,
  authenticationFailed: 4004,
  alreadyAuthenticated: 4005,
  invalidSequence: 4007,
  rateLimited: 4008,
  invalidVersion: 4012,
  invalidIntents: 4013,
  disallowedIntents: 4014,
} as const;

/** After these the session is over; after any other close it waits to be resumed. */
export const ENDS_SESSION: readonly number[] = [
  1000,
  1001,
  CLOSE.authenticationFailed,
  CLOSE.invalidSequence,
  4009,
  CLOSE.invalidIntents,
  CLOSE.disallowedIntents,
];

const KNOWN_INTENTS = (1 << 17) - 1 + (1 << 20) + (1 << 21) + (1 << 24) + (1 << 25);
const PRIVILEGED_INTENTS = (1 << 1) | (1 << 8) | (1 << 15);
export const HEARTBEAT_INTERVAL_MS = 41_250;

const payloadSchema = z.object({ op: z.int().describe('What it is'), d: z.unknown().optional().describe('What it says') });
const identifySchema = z.object({ token: z.string().describe('Secret of the bot'), intents: z.int().describe('Events wanted; bits') });
export const resumeSchema = z.object({ token: z.string(), session_id: z.string(), seq: z.int().describe('Last event received') });

/** The close code a wrong IDENTIFY earns; null if it is right. */
export function refuseIdentify(body: unknown, token: string): number | null {
  const parsed = identifySchema.safeParse(body);
  if (!parsed.success) return CLOSE.decodeError;
  if (parsed.data.token.replace(/^Bot /, '') !== token) return CLOSE.authenticationFailed;
  if ((parsed.data.intents & ~KNOWN_INTENTS) !== 0) return CLOSE.invalidIntents;
  return (parsed.data.intents & PRIVILEGED_INTENTS) === 0 ? null : CLOSE.disallowedIntents;
}

export function decodePayload(data: Buffer): z.infer<typeof payloadSchema> | null {
  if (data.byteLength > LIMITS.gatewayPayloadBytes) return null;
  try {
    return payloadSchema.safeParse(JSON.parse(data.toString('utf8'))).data ?? null;
  } catch {
    return null;
  }
}
