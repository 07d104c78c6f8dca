import { BACKENDS, type Backend, type Stand } from './faults-stand.ts';

export type Fault = {
  readonly name: string;
  readonly backends: readonly Backend[];
  /** Until when it may strike: the run's end, or the card about it. */
  readonly until: 'run' | 'card';
  /** So many moments follow each other before their ends are waited for: several where each may have to wait for a lease of a minute. */
  readonly together: number;
  /** Resolves when what was taken away is back. */
  readonly strike: (stand: Stand) => Promise<void>;
};

/** Those that take longest first. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'bot killed',
    backends: BACKENDS,
    until: 'card',
    together: 4,
    strike: async ({ bot }) => {
      await bot.kill();
      await bot.start();
    },
  },
  {
    name: 'worker killed',
    backends: BACKENDS,
    until: 'run',
    together: 1,
    strike: async ({ worker }) => {
      await worker.kill();
      await worker.start();
    },
  },
  {
    name: 'PostgreSQL stopped at once',
    backends: BACKENDS,
    until: 'card',
    together: 1,
    strike: async ({ database }) => {
      await database.stopAtOnce();
      await database.start();
    },
  },
  {
    name: 'Redis killed',
    backends: ['redis'],
    until: 'card',
    together: 1,
    strike: async ({ redis }) => {
      await redis?.kill();
      await redis?.start();
    },
  },
  {
    name: 'Redis emptied',
    backends: ['redis'],
    until: 'card',
    together: 1,
    strike: async ({ redis }) => redis?.empty(),
  },
];
