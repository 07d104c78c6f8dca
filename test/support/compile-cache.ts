import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** For processes that tests start: what Node compiled for one of them serves the next, which saves each most of a second. */
export const COMPILE_CACHE = { NODE_COMPILE_CACHE: join(tmpdir(), 'scalpdesk-compile-cache') } as const;
