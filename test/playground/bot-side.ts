import { type Client, DiscordAPIError, Events, type Interaction } from 'discord.js';

/** Lets the bot work on the next interaction; resolves when the work is done. */
export function onNext<T>(client: Client, work: (interaction: Interaction) => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    client.once(Events.InteractionCreate, (interaction) => void work(interaction).then(resolve, reject));
  });
}

export type Refused = { readonly status: number; readonly code: number; readonly errors: Readonly<Record<string, string>> };

/** How Discord refused: its code, and with each path its complaint. Null if it did not. */
export function refusalOf(request: Promise<unknown>): Promise<Refused | null> {
  return request.then(
    () => null,
    (error: unknown) => {
      if (!(error instanceof DiscordAPIError)) throw error;
      const body: unknown = error.rawError;
      const errors = typeof body === 'object' && body !== null && 'errors' in body ? body.errors : {};
      return { status: error.status, code: Number(error.code), errors: Object.fromEntries(flatten(errors, [])) };
    },
  );
}

function flatten(node: unknown, path: readonly string[]): readonly (readonly [string, string])[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, below]) => {
    if (key !== '_errors') return flatten(below, [...path, key]);
    return [[path.join('.'), (below as readonly { readonly code: string }[]).map(({ code }) => code).join(' ')] as const];
  });
}
