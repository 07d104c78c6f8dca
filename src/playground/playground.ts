import type { Server } from 'node:http';
import { channelRoutes } from './channel-routes.ts';
import { commandRoutes } from './command-routes.ts';
import { createFaults } from './faults.ts';
import { createGateway, type GatewayEvent } from './gateway.ts';
import { interactionRoutes } from './interaction-routes.ts';
import { lookupRoutes } from './lookup-routes.ts';
import { createMemberSide } from './member-side.ts';
import { createPlaces } from './places.ts';
import { createRateLimiter, type RateLimitMode } from './rate-limits.ts';
import { createHttpServer, type RequestRecord } from './server.ts';
import { createWorld } from './world.ts';

export type PlaygroundOptions = {
  /** Milliseconds since 1970. It must go on by itself while rate limits are on, or their windows never end. */
  readonly clock?: () => number;
  /** 0 takes a free one. */
  readonly port?: number;
  readonly token?: string;
  readonly botName?: string;
  readonly rateLimits?: RateLimitMode;
};

export type Playground = Awaited<ReturnType<typeof startPlayground>>;

/** A Discord of our own on loopback: one bot, some servers, everything in memory. */
export async function startPlayground(options: PlaygroundOptions = {}) {
  const { clock = preciseClock, port = 0, token = 'playground.bot.token', botName = 'Scalpdesk', rateLimits = 'discord' } = options;
  const world = createWorld({ clock, botName });
  const faults = createFaults();
  const requests: RequestRecord[] = [];
  const gatewayEvents: GatewayEvent[] = [];
  const bugs: unknown[] = [];

  const gatewayUrl = () => `${world.origin.replace('http', 'ws')}/gateway`;
  const gateway = createGateway({ world, token, url: gatewayUrl, record: (event) => gatewayEvents.push(event) });
  const server = createHttpServer({
    world,
    token,
    routes: [...lookupRoutes(world, gatewayUrl), ...commandRoutes(world), ...interactionRoutes(world), ...channelRoutes(world)],
    rateLimit: createRateLimiter(clock, rateLimits),
    takeFault: faults.take,
    record: (request) => requests.push(request),
    reportBug: (error) => bugs.push(error),
  });
  server.on('upgrade', gateway.upgrade);
  world.origin = `http://127.0.0.1:${await listen(server, port)}`;
  const places = createPlaces(world, gateway.dispatch);

  return {
    ...places,
    ...createMemberSide(world, gateway, places.home),
    /** What discord.js takes as `rest.api`. */
    restUrl: `${world.origin}/api`,
    token,
    applicationId: world.bot.id,
    /** Every REST request, in the order of the answers. */
    requests: requests as readonly RequestRecord[],
    gatewayEvents: gatewayEvents as readonly GatewayEvent[],
    /** Lets the next requests of a route go wrong. */
    failNext: faults.add,
    /** Closes the gateway connection with the code; null cuts it without a word. The session can be resumed unless the code ends it. */
    dropConnection: gateway.dropConnection,
    /** Cuts the connection and lets nobody in again until it is opened. */
    shutGateway: gateway.shut,
    openGateway: gateway.open,
    requestReconnect: gateway.requestReconnect,
    invalidateSession: gateway.invalidateSession,
    /** Ends all connections. Throws what went wrong inside the playground itself meanwhile. */
    close: async (): Promise<void> => {
      gateway.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      if (bugs.length > 0) throw new AggregateError(bugs, `The playground broke ${bugs.length} times; its errors are attached.`);
    },
  };
}

/** Finer than a millisecond and never going back, so that an acknowledgement can be timed. */
function preciseClock(): number {
  return performance.timeOrigin + performance.now();
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The playground listens on no port.');
  return address.port;
}
