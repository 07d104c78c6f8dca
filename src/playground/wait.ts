import type { World } from './world.ts';

/** How long people wait for something to appear, unless they say otherwise. */
export const PATIENCE_MS = 5_000;

/** What `read` finds, at once or as soon as something in the world changes. */
export function waitFor<T>(
  world: World,
  read: () => T | null,
  { timeoutMs, what }: { readonly timeoutMs: number; readonly what: string },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const look = () => {
      try {
        const found = read();
        if (found === null) return;
        stop();
        resolve(found);
      } catch (error) {
        // The condition is the caller's own; its failure must not reach whoever changed the world.
        stop();
        reject(error);
      }
    };
    const stop = () => {
      clearTimeout(timer);
      world.listeners.delete(look);
    };
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`Waited ${timeoutMs} ms for ${what}; none came.`));
    }, timeoutMs);
    world.listeners.add(look);
    look();
  });
}
