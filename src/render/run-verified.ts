import type { RunResult } from '../engine/result.ts';
import type { RunPart, Verification, VerifiedPart } from '../engine/verify-run.ts';
import { fitLines } from './fit-lines.ts';
import { type Message, textMessage } from './message.ts';
import { fixed, signed } from './number-text.ts';
import { shortRunId } from './run-list.ts';
import { codeBlock } from './table.ts';

const CONTENT_CHARS = 1_500;
const DETAIL_CHARS = 160;

/** What it means that a part differs. */
const MEANING: Readonly<Record<RunPart, string>> = {
  candles: 'the bars or funding rates are not those it ran on',
  settings: 'the settings are not those it ran with',
  plan: 'the plan is not the one it followed',
  window: 'its range, symbols, timeframes or venue are not what they were',
  engine: 'the engine is not the one it ran on',
  result: 'what is kept of its result was changed',
};

type Verified = { readonly runId: string; readonly result: RunResult; readonly verification: Verification };

/** Whether a run that was executed again is what it was; if not, which part of it is not. */
export function renderVerified({ runId, result, verification }: Verified): Message {
  const { isIdentical, parts, again } = verification;
  const run = `run \`${shortRunId(runId)}\` · ${result.data.symbols.join(', ')} ${result.data.timeframe}`;
  const answer = isIdentical ? '**Identical**' : `**Differs: ${differingParts(verification).join(', ')}**`;
  const lines = [
    `${answer} · ${run}`,
    `Executed again from what is kept now: ${outcome(again)}${isIdentical ? '.' : ` (was ${outcome(result.summary)}).`}`,
    codeBlock(['part     then     now', ...parts.map(partLine)]),
    ...parts.filter(({ isSame }) => isSame === false).flatMap(explain),
  ];
  return textMessage(fitLines(lines, CONTENT_CHARS, (left) => `-# and ${left} more lines`));
}

/** Those that are known to differ; when none is, those of which nothing can be told. */
export function differingParts({ parts }: Verification): readonly RunPart[] {
  const named = parts.filter(({ isSame }) => isSame === false);
  return (named.length > 0 ? named : parts.filter(({ isSame }) => isSame === null)).map(({ part }) => part);
}

/** At most 28 columns: the name, both marks, and whether they differ. */
function partLine({ part, isSame, recorded, now }: VerifiedPart): string {
  const verdict = isSame === null ? '?' : isSame ? '=' : '≠';
  return `${part.padEnd(9)}${mark(recorded).padEnd(9)}${mark(now).padEnd(9)}${verdict}`;
}

function mark(text: string | null): string {
  return text === null ? '–' : text.slice(0, 7);
}

function explain({ part, details }: VerifiedPart): readonly string[] {
  return [`- **${part}**: ${MEANING[part]}`, ...details.map((detail) => `  ${detail.slice(0, DETAIL_CHARS)}`)];
}

function outcome({ equity_return_pct, total_trades }: Verification['again']): string {
  return `${signed(equity_return_pct, 2)} %, ${fixed(total_trades, 0)} ${total_trades === 1 ? 'trade' : 'trades'}`;
}
