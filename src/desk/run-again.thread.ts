import { backtest } from '../engine/backtest.ts';
import { type Moment, type PlaybackTimeline, type Played, playTimeline, playTo } from '../engine/playback.ts';
import { Refusal } from '../engine/refusal.ts';
import type { RunResult } from '../engine/result.ts';
import { countRuleAnswers, type RuleAnswers } from '../engine/rule-answers.ts';
import { type Verification, verifyRun } from '../engine/verify-run.ts';

/** What a thread answers. A refusal crosses as data, because its class does not survive the crossing. */
export type Answered<Value> = { readonly kind: 'answer'; readonly value: Value } | { readonly kind: 'refused'; readonly message: string };

/** Runs in a thread of the engine pool, as all of these do. */
export function answerVerification({ recorded, ...played }: Played & { readonly recorded: RunResult }): Answered<Verification> {
  return answer(() =>
    verifyRun(
      recorded,
      backtest(played.input, () => {}, played.plans),
    ),
  );
}

export function answerTimeline(played: Played): Answered<PlaybackTimeline> {
  return answer(() => playTimeline(played));
}

export function answerMoment({ openTimeMs, ...played }: Played & { readonly openTimeMs: number }): Answered<Moment> {
  return answer(() => playTo(played, openTimeMs));
}

export function answerRules({
  input,
  followed,
}: Pick<Played, 'input'> & { readonly followed: RunResult['plans'] }): Answered<readonly RuleAnswers[]> {
  return answer(() => countRuleAnswers(input, followed));
}

function answer<Value>(work: () => Value): Answered<Value> {
  try {
    return { kind: 'answer', value: work() };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', message: error.message };
    throw error;
  }
}
