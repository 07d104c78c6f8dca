import type { Timeframe } from '../engine/bar.ts';
import type { AskedComparison } from '../engine/comparison-spec.ts';
import type { GuildPreset, GuildSetup, GuildView, MadeChange, SettingChange, WantedSettings } from '../engine/guild-view.ts';
import type { Planning } from '../engine/plan-record.ts';
import type { ReplanTrigger, RunResult } from '../engine/result.ts';
import type { RuleAnswers } from '../engine/rule-answers.ts';
import type { AskedRun } from '../engine/run-spec.ts';
import type { StrategistSpec } from '../engine/strategist-spec.ts';
import type { Verification } from '../engine/verify-run.ts';
import type { Work } from '../engine/work.ts';
import type { AuditLine } from '../render/audit.ts';
import type { FinishedComparison } from '../render/compare.ts';
import type { ComparisonLine } from '../render/comparison-line.ts';
import type { SeriesLine } from '../render/coverage.ts';
import type { DeskStatus } from '../render/desk-status.ts';
import type { Message } from '../render/message.ts';
import type { PlanNow } from '../render/plan-page.ts';
import type { WorkProgress } from '../render/progress.ts';
import type { RunLine } from '../render/run-list.ts';
import type { StrategyList, StrategyText } from '../render/strategy-list.ts';
import type { ReplanCount, ReplanLine } from '../render/triggers-history.ts';
import type { WalkAwayLine } from '../render/walkaway-history.ts';
import type { FetchAsk } from './fetch-request.ts';

type Slice = { readonly offset: number; readonly limit: number };

/** Work of the asker's own server. */
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

/**
 * What came of a wish to change settings: done, or others had changed the same since the revision that the wish was formed on.
 * `touched` is what of the wish differs from how it stood then. The view is what the group has set right after it.
 */
export type SettingsOutcome = { readonly guild: GuildView } & (
  | { readonly kind: 'changed'; readonly changes: readonly SettingChange[] }
  | { readonly kind: 'conflict'; readonly theirs: readonly MadeChange[]; readonly touched: WantedSettings }
);

/** How a group was set up, and how it is now. */
export type SetupChange = { readonly from: GuildSetup; readonly to: GuildSetup };

/** The bar of a run of that number, counted from 0, or the one at a time; null is the first at which something happened. */
export type WantedBar = { readonly kind: 'bar'; readonly bar: number } | { readonly kind: 'time'; readonly timeMs: number } | null;

/** What the desk does for commands, always for the server of whoever asks and for no other. */
export type DeskPorts = {
  /** It is kept even while the queue is away, and starts when that is back. */
  readonly submitBacktest: (asked: AskedRun) => Promise<{ readonly runId: string; readonly isQueueAway: boolean }>;
  readonly submitComparison: (asked: AskedComparison) => Promise<{ readonly comparisonId: string; readonly isQueueAway: boolean }>;
  readonly countRuns: () => Promise<number>;
  /** Newest first. */
  readonly listRuns: (slice: Slice) => Promise<readonly RunLine[]>;
  /** Runs whose id begins so, newest first. */
  readonly findRuns: (idPrefix: string, limit: number) => Promise<readonly RunLine[]>;
  readonly readRun: (runId: string) => Promise<KnownRun | null>;
  /** Comparisons whose id begins so, newest first; with nothing all of them. */
  readonly findComparisons: (idPrefix: string, limit: number) => Promise<readonly ComparisonLine[]>;
  /** What a comparison came to; null until it is done. */
  readonly readComparison: (comparisonId: string) => Promise<FinishedComparison | null>;
  /** The card of a finished comparison with its picture. */
  readonly composeComparison: (comparisonId: string) => Promise<Message>;
  /** The card of a finished run with its picture. */
  readonly composeCard: (runId: string) => Promise<Message>;
  /** Executes a finished run again from what is kept now and compares. */
  readonly verifyRun: (runId: string) => Promise<Verification>;
  /** How the rules of a finished run answered over its bars; null when it cannot be executed again. */
  readonly askRules: (runId: string) => Promise<readonly RuleAnswers[] | null>;
  /** One bar of a finished run with its picture. */
  readonly composePlayback: (runId: string, wanted: WantedBar) => Promise<Message>;
  /** Who planned a finished run; null where nobody did. */
  readonly readPlanning: (runId: string) => Promise<Planning | null>;
  readonly listStrategies: () => StrategyList;
  readonly readStrategies: () => readonly StrategyText[];
  /** Asks the strategist on the latest bars; nothing trades by it. */
  readonly planNow: (asked: AskedRun & { readonly strategist: StrategistSpec }) => Promise<PlanNow>;
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
  /**
   * Changes what differs, all of it or nothing. `since` is the revision that the wish was formed on: what is wanted as it stood then,
   * be it set or its default, was not touched. Null overrides whatever is there. `unknown` are stored names that this version does not
   * know, to be taken back with it.
   */
  readonly changeSettings: (wish: {
    readonly wanted: WantedSettings;
    readonly since: number | null;
    readonly unknown?: readonly string[];
  }) => Promise<SettingsOutcome>;
  /** Says what the one of the same name held before. Null, and nothing is saved, when the group has as many as it may. */
  readonly savePreset: (
    preset: Pick<GuildPreset, 'name' | 'description' | 'overrides'>,
  ) => Promise<{ readonly replaced: GuildPreset | null } | null>;
  /** What it held; null when there is none of that name. */
  readonly deletePreset: (name: string) => Promise<GuildPreset | null>;
  /** Changes what is given of it; the rest stays as it is, whoever changes that meanwhile. */
  readonly changeSetup: (change: Partial<GuildSetup>) => Promise<SetupChange>;
  readonly countAudit: () => Promise<number>;
  /** Newest first. */
  readonly listAudit: (slice: Slice) => Promise<readonly AuditLine[]>;
  readonly countWalkAways: () => Promise<number>;
  /** Of all backtests: those of the newest first, and of one the latest first. */
  readonly listWalkAways: (slice: Slice) => Promise<readonly WalkAwayLine[]>;
  readonly countReplans: () => Promise<readonly ReplanCount[]>;
  /** In the same order; of one trigger, or with null of all. */
  readonly listReplans: (slice: Slice, trigger: ReplanTrigger | null) => Promise<readonly ReplanLine[]>;
};
