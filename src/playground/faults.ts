import type { RateLimitScope } from './rate-limits.ts';
import type { RouteName } from './route.ts';

/**
 * What goes wrong with a request. `applied` tells whether its effect happens all the same: the answer is
 * lost, the message is there. A reset ends the connection rudely, a hang-up politely; neither answers.
 */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly applied: boolean }
  | { readonly kind: 'reset'; readonly applied: boolean }
  | { readonly kind: 'hang-up'; readonly applied: boolean }
  | { readonly kind: 'rate-limit'; readonly retryAfterMs: number; readonly scope: RateLimitScope }
  | { readonly kind: 'delay'; readonly delayMs: number };

export type FaultOrder = { readonly route: RouteName; readonly times: number; readonly fault: Fault };

/** Faults wait here, in the order in which they were asked for, until a request of their route comes. */
export function createFaults() {
  const waiting: { readonly route: RouteName; readonly fault: Fault }[] = [];
  return {
    add: ({ route, times, fault }: FaultOrder) => {
      for (let count = 0; count < times; count += 1) waiting.push({ route, fault });
    },
    take: (route: RouteName): Fault | null => {
      const index = waiting.findIndex((order) => order.route === route);
      return index === -1 ? null : (waiting.splice(index, 1)[0]?.fault ?? null);
    },
  };
}
