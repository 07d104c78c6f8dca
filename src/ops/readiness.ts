import { within } from './within.ts';

export const PARTS = ['database', 'queue', 'discord'] as const;
export type Part = (typeof PARTS)[number];

/** Whether a part can be worked with right now. Throwing is a no. */
export type Check = () => boolean | Promise<boolean>;

export type ReadinessReport = {
  readonly state: 'starting' | 'ready' | 'not ready' | 'stopping';
  readonly parts: Readonly<Partial<Record<Part, 'starting' | 'ready' | 'not ready'>>>;
};

export type Readiness = {
  /** The part is there; from now on it is asked. */
  readonly watch: (part: Part, check: Check) => void;
  /** The process takes nothing more: it is not ready, whatever its parts say. */
  readonly drain: () => void;
  readonly read: () => Promise<ReadinessReport>;
};

const ANSWER_MS = 2_000;

/** Whether a process with these parts may be given work. */
export function createReadiness(parts: readonly Part[]): Readiness {
  const checks = new Map<Part, () => Promise<boolean>>();
  let isDraining = false;

  const readPart = async (part: Part) => {
    const check = checks.get(part);
    if (check === undefined) return [part, 'starting'] as const;
    return [part, (await isReady(check)) ? 'ready' : 'not ready'] as const;
  };
  const read = async (): Promise<ReadinessReport> => {
    if (isDraining) return { state: 'stopping', parts: {} };
    const read = await Promise.all(parts.map(readPart));
    return { state: isDraining ? 'stopping' : worstOf(read.map(([, state]) => state)), parts: Object.fromEntries(read) };
  };

  return {
    watch: (part, check) => void checks.set(part, shared(check)),
    drain: () => {
      isDraining = true;
    },
    read,
  };
}

/** However many ask, a part that does not answer is asked once at a time. */
function shared(check: Check): () => Promise<boolean> {
  const ask = async () => check();
  let asked: Promise<boolean> | null = null;
  return () => {
    const asking = asked ?? ask();
    asked = asking;
    const forget = () => {
      asked = null;
    };
    asking.then(forget, forget);
    return asking;
  };
}

async function isReady(check: () => Promise<boolean>): Promise<boolean> {
  try {
    return await within(check(), ANSWER_MS);
  } catch {
    // Why is told by whoever works with the part; here only that it cannot be worked with.
    return false;
  }
}

function worstOf(states: readonly ('starting' | 'ready' | 'not ready')[]): 'starting' | 'ready' | 'not ready' {
  if (states.includes('starting')) return 'starting';
  return states.includes('not ready') ? 'not ready' : 'ready';
}
