import type { UploadedFile } from './attachments.ts';

/** One request after it was let in. */
export type Call = {
  readonly param: (name: string) => string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly files: readonly UploadedFile[];
};

/** JSON null is an answer without a body. */
export type Answer = { readonly status: number; readonly json: unknown };

/** Requests counted together: so many in a window, for each value of the major parameters. */
export type Bucket = { readonly name: string; readonly limit: number; readonly windowMs: number; readonly major: readonly string[] };

export type Route = {
  readonly name: RouteName;
  readonly method: string;
  /** Below /api/v10; parts that begin with a colon are parameters. */
  readonly path: string;
  /** Interaction addresses carry their own token and are outside the bot's global limit. */
  readonly auth: 'bot' | 'token in the path';
  readonly bucket: Bucket | null;
  readonly run: (call: Call) => Answer;
};

export const ROUTE_NAMES = [
  'get-gateway',
  'get-self',
  'get-application',
  'get-user',
  'get-guild',
  'get-member',
  'get-channel',
  'list-commands',
  'replace-commands',
  'create-command',
  'get-command',
  'edit-command',
  'delete-command',
  'answer-interaction',
  'send-follow-up',
  'get-answer',
  'edit-answer',
  'delete-answer',
  'send-message',
  'list-messages',
  'get-message',
  'edit-message',
  'delete-message',
  'show-typing',
] as const;
export type RouteName = (typeof ROUTE_NAMES)[number];

export type Match = { readonly route: Route; readonly params: Readonly<Record<string, string>> };

export function createMatcher(routes: readonly Route[]): (method: string, path: string) => Match | null {
  const compiled = routes.map((route) => ({ route, pattern: new RegExp(`^${route.path.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`) }));
  return (method, path) => {
    for (const { route, pattern } of compiled) {
      const found = route.method === method ? pattern.exec(path) : null;
      if (found !== null) return { route, params: { ...found.groups } };
    }
    return null;
  };
}

export function ok(json: unknown): Answer {
  return { status: 200, json };
}

export const NO_CONTENT: Answer = { status: 204, json: null };
