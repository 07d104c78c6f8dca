import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import {
  CLOSE,
  decodePayload,
  ENDS_SESSION,
  HEARTBEAT_INTERVAL_MS,
  OP,
  refuseIdentify,
  resumeSchema,
  UNHEARD_OPS,
} from './gateway-protocol.ts';
import { LIMITS } from './limits.ts';
import { guildJson, userJson } from './wire.ts';
import type { World } from './world.ts';

type Dispatch = { readonly op: number; readonly t: string; readonly s: number; readonly d: unknown };
type Session = { readonly id: string; readonly sent: Dispatch[]; socket: WebSocket | null };

export type GatewayEvent = 'identified' | 'resumed' | 'refused to resume' | 'broken' | 'closed';
export type Gateway = ReturnType<typeof createGateway>;

type GatewayPorts = {
  readonly world: World;
  readonly token: string;
  readonly url: () => string;
  readonly record: (event: GatewayEvent) => void;
};

/** Sessions outlive their sockets: what is dispatched meanwhile is kept and told again on RESUME. */
export function createGateway({ world, token, url, record }: GatewayPorts) {
  const sessions = new Map<string, Session>();
  const server = new WebSocketServer({ noServer: true });
  let isOpen = true;

  const dispatch = (session: Session, t: string, d: unknown) => {
    const payload = { op: OP.dispatch, t, s: session.sent.length + 1, d };
    session.sent.push(payload);
    if (session.socket !== null) send(session.socket, payload);
  };

  function accept(socket: WebSocket, request: IncomingMessage): void {
    const query = new URL(request.url ?? '/', 'ws://127.0.0.1').searchParams;
    if (query.get('v') !== '10' || (query.get('encoding') ?? 'json') !== 'json') {
      socket.close(CLOSE.invalidVersion);
      return;
    }
    const sentAtMs: number[] = [];
    let session: Session | null = null;

    socket.on('message', (data: Buffer) => {
      const nowMs = world.clock();
      sentAtMs.push(nowMs);
      if (sentAtMs.filter((atMs) => atMs > nowMs - 60_000).length > LIMITS.gatewaySendsPerMinute) return socket.close(CLOSE.rateLimited);
      const payload = decodePayload(data);
      if (payload === null) return socket.close(CLOSE.decodeError);
      if (payload.op === OP.heartbeat) return send(socket, { op: OP.acknowledge });
      if (payload.op === OP.identify || payload.op === OP.resume) {
        if (session !== null) return socket.close(CLOSE.alreadyAuthenticated);
        session = payload.op === OP.identify ? identify(socket, payload.d) : resume(socket, payload.d);
        return;
      }
      if (session === null) return socket.close(CLOSE.notAuthenticated);
      if (!UNHEARD_OPS.includes(payload.op)) socket.close(CLOSE.unknownOpcode);
    });
    // A frame that cannot be read; ws closes the connection by itself.
    socket.on('error', () => record('broken'));
    socket.on('close', (code) => {
      record('closed');
      if (session?.socket !== socket) return;
      session.socket = null;
      if (ENDS_SESSION.includes(code)) sessions.delete(session.id);
    });
    send(socket, { op: OP.hello, d: { heartbeat_interval: HEARTBEAT_INTERVAL_MS } });
  }

  function identify(socket: WebSocket, body: unknown): Session | null {
    const refusal = refuseIdentify(body, token);
    if (refusal !== null) {
      socket.close(refusal);
      return null;
    }
    const session: Session = { id: world.newId(), sent: [], socket };
    sessions.set(session.id, session);
    record('identified');
    const guilds = [...world.guilds.values()];
    dispatch(session, 'READY', {
      v: 10,
      user: userJson(world.bot),
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: url(),
      shard: [0, 1],
      application: { id: world.bot.id, flags: 0 },
    });
    for (const guild of guilds) dispatch(session, 'GUILD_CREATE', guildJson(guild, world.bot));
    return session;
  }

  function resume(socket: WebSocket, body: unknown): Session | null {
    const parsed = resumeSchema.safeParse(body);
    if (!parsed.success || parsed.data.token !== token) {
      socket.close(parsed.success ? CLOSE.authenticationFailed : CLOSE.decodeError);
      return null;
    }
    const { session_id: id, seq } = parsed.data;
    const session = sessions.get(id);
    if (session === undefined) {
      record('refused to resume');
      send(socket, { op: OP.invalidSession, d: false });
      return null;
    }
    if (seq > session.sent.length) {
      socket.close(CLOSE.invalidSequence);
      return null;
    }
    session.socket = socket;
    record('resumed');
    for (const missed of session.sent.slice(seq)) send(socket, missed);
    dispatch(session, 'RESUMED', {});
    return session;
  }

  const connected = () => [...sessions.values()].flatMap(({ socket }) => socket ?? []);
  return {
    upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (isOpen) server.handleUpgrade(request, socket, head, (opened) => accept(opened, request));
      else socket.destroy();
    },
    hasSession: () => sessions.size > 0,
    dispatch: (type: string, body: unknown) => {
      for (const session of sessions.values()) dispatch(session, type, body);
    },
    dropConnection: (code: number | null) => {
      for (const socket of connected()) {
        if (code === null) socket.terminate();
        else socket.close(code);
      }
    },
    shut: () => {
      isOpen = false;
      for (const socket of connected()) socket.terminate();
    },
    open: () => {
      isOpen = true;
    },
    requestReconnect: () => {
      for (const socket of connected()) send(socket, { op: OP.reconnect, d: null });
    },
    invalidateSession: () => {
      const sockets = connected();
      sessions.clear();
      for (const socket of sockets) send(socket, { op: OP.invalidSession, d: false });
    },
    close: () => {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

function send(socket: WebSocket, payload: unknown): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(payload));
}
