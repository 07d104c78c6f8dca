/** What a person asked for that takes a while: it is written down, waits in the queue, can be cancelled and ends once. */
export const WORK_KINDS = ['run', 'fetch', 'comparison'] as const;

export type WorkKind = (typeof WORK_KINDS)[number];

export type Work = { readonly kind: WorkKind; readonly id: string };
