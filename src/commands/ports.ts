import type { Timeframe } from '../engine/bar.ts';
import type { GuildPreset, GuildSetup, GuildView, MadeChange, SettingChange, WantedSettings } from '../engine/guild-view.ts';
import type { RunResult } from '../engine/result.ts';
import type { AskedRun } from '../engine/run-spec.ts';
import type { Work } from '../engine/work.ts';
import type { SeriesLine } from '../render/coverage.ts';
import type { DeskStatus } from '../render/desk-status.ts';
import type { Message } from '../render/message.ts';
import type { WorkProgress } from '../render/progress.ts';
import type { RunLine } from '../render/run-list.ts';
import type { FetchAsk } from './fetch-request.ts';

type Slice = { readonly offset: number; readonly limit: number };

/** A run or a fetch of the asker's own server. */
export type KnownWork = Pick<RunLine, 'state'> & {
  readonly heading: string;
  readonly requestedBy: string | null;
  readonly progress: WorkProgress;
};

/** A run of the asker's own server. */
export type KnownRun = RunLine &
  KnownWork & {
    /** Null until the run is done. */
    readonly result: RunResult | null;
  };

export type GivenFile = { readonly name: string; readonly url: string; readonly bytes: number };

export type ImportRequest = { readonly symbol: string; readonly candles: GivenFile; readonly funding: GivenFile | null };

export type ImportSummary = {
  readonly symbol: string;
  readonly fileName: string;
  readonly timeframe: Timeframe;
  readonly bars: number;
  readonly missingBars: number;
  readonly firstOpenMs: number;
  readonly lastOpenMs: number;
  /** Null when no funding was given. */
  readonly fundingRates: number | null;
};

/** What came of a wish to cancel: done now, or over before it. */
export type Cancelled = { readonly kind: 'cancelled-now' } | { readonly kind: 'over'; readonly known: KnownWork };

/** What came of a wish to change settings: done, or others had changed the same since the revision that the wish was formed on. */
export type SettingsOutcome = { readonly guild: GuildView } & (
  | { readonly kind: 'changed'; readonly changes: readonly SettingChange[] }
  | { readonly kind: 'conflict'; readonly theirs: readonly MadeChange[] }
);

/** Something that somebody did, in words for people. */
export type AuditLine = { readonly userId: string; readonly action: string; readonly told: string; readonly atMs: number };

/** What the desk does for commands, always for the server of whoever asks and for no other. */
export type DeskPorts = {
  /** It is kept even while the queue is away, and starts when that is back. */
  readonly submitBacktest: (asked: AskedRun) => Promise<{ readonly runId: string; readonly isQueueAway: boolean }>;
  readonly countRuns: () => Promise<number>;
  /** Newest first. */
  readonly listRuns: (slice: Slice) => Promise<readonly RunLine[]>;
  /** Runs whose id begins so, newest first. */
  readonly findRuns: (idPrefix: string, limit: number) => Promise<readonly RunLine[]>;
  readonly readRun: (runId: string) => Promise<KnownRun | null>;
  /** The card of a finished run with its picture. */
  readonly composeCard: (runId: string) => Promise<Message>;
  readonly readWork: (work: Work) => Promise<KnownWork | null>;
  readonly cancelWork: (work: Work) => Promise<Cancelled>;
  readonly countSeries: () => Promise<number>;
  readonly listSeries: (slice: Slice) => Promise<readonly SeriesLine[]>;
  readonly knownSymbols: () => Promise<readonly string[]>;
  readonly importCandles: (request: ImportRequest) => Promise<ImportSummary>;
  /** Fetches from the exchange what is not kept yet; its end is told in the asker's channel. */
  readonly submitFetch: (asked: FetchAsk) => Promise<{ readonly fetchId: string; readonly isQueueAway: boolean }>;
  readonly readStatus: () => Promise<DeskStatus>;
  /** What the group has set, read anew. */
  readonly readGuild: () => Promise<GuildView>;
  /** Changes what differs, all of it or nothing. `since` is the revision that the wish was formed on; null overrides whatever is there. */
  readonly changeSettings: (wish: { readonly wanted: WantedSettings; readonly since: number | null }) => Promise<SettingsOutcome>;
  /** Null when the group has as many as it may. */
  readonly savePreset: (preset: Pick<GuildPreset, 'name' | 'description' | 'overrides'>) => Promise<{ readonly replaced: boolean } | null>;
  /** False when there is none of that name. */
  readonly deletePreset: (name: string) => Promise<boolean>;
  /** `told` is what the audit says of it. */
  readonly changeSetup: (setup: GuildSetup, told: string) => Promise<void>;
  readonly countAudit: () => Promise<number>;
  /** Newest first. */
  readonly listAudit: (slice: Slice) => Promise<readonly AuditLine[]>;
};
