import { askedNumber } from '../commands/asked-number.ts';

const MOST = 1_000_000;

/** `--page`: the first when nothing is said. */
export function askedPage(page: string | undefined): number {
  return askedNumber(page ?? '1', { name: 'page', kind: 'integer', min: 1, max: MOST, unit: 'pages', example: 2 });
}

/** For `--json`, which has everything on one page. */
export const ALL_PAGES = { offset: 0, limit: MOST } as const;
