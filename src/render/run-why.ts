import { findParameter, type ParameterName } from '../engine/parameters.ts';
import { BLOCK_REASONS, type BlockReason, type RunResult, type SizeCap } from '../engine/result.ts';
import type { RuleAnswers } from '../engine/rule-answers.ts';
import { formatSetting } from '../engine/settings.ts';
import { BLOCK_WORDS } from './block-words.ts';
import { type Message, textMessage } from './message.ts';
import { fixed } from './number-text.ts';
import { rangeOf } from './range-text.ts';
import { idleRulesWords } from './rules-why.ts';
import { shortRunId } from './run-list.ts';

const DESCRIPTION_CHARACTERS = 3_800;
const TRIGGERS_SHOWN = 3;

type Cap = Exclude<SizeCap, 'none'>;

const CAPS: readonly Cap[] = ['risk_budget', 'symbol_exposure', 'portfolio_exposure'];

/**
 * Why a run has no more trades than it has, and no larger ones: each gate that said no, how often, to whom, the caps that cut entries, and
 * rules that never changed their answer, with what to turn. `rules` is null where they could not be asked.
 */
export function renderWhy(runId: string, result: RunResult, rules: readonly RuleAnswers[] | null): Message {
  const { summary, data } = result;
  const counted = BLOCK_REASONS.flatMap((reason) => {
    const count = summary.blocks[reason] ?? 0;
    return count === 0 ? [] : [{ reason, count }];
  }).toSorted((one, other) => other.count - one.count);
  const held = summary.held_back_exits;
  const parts = [
    ...counted.map(({ reason, count }) => describeGate(result, reason, count)),
    ...(held === 0
      ? []
      : [
          `**${fixed(held, 0)}** ${held === 1 ? 'exit' : 'exits'} waited: the position was too young for its exit rule\n${adviceOn(result, 'min_hold_bars', 'lower')}`,
        ]),
  ];
  const caps = describeCaps(result);
  const idle = rules === null ? [] : idleRulesWords(rules);
  const total = counted.reduce((sum, { count }) => sum + count, 0);
  const trades = `${fixed(summary.total_trades, 0)} ${summary.total_trades === 1 ? 'trade' : 'trades'}`;
  const nothing = 'Nothing was blocked: every trigger that fired became an order. For more trades, change the rules of the plan.';
  const description = asManyAsFit([
    ...(parts.length === 0 ? [nothing] : parts),
    ...(caps.length === 0 ? [] : ['**Entries that were made smaller**', ...caps]),
    ...(idle.length === 0 ? [] : ['**Rules whose answer never changed**', ...idle]),
    ...(rules === null ? ['-# its rules could not be asked again: the bars it ran on are not kept any more'] : []),
  ]);
  return {
    ...textMessage(''),
    embeds: [
      {
        title: `Why not more trades · run ${shortRunId(runId)}`,
        description: `${data.symbols.join(', ')} ${data.timeframe}: ${trades}, ${fixed(total, 0)} ${total === 1 ? 'entry' : 'entries'} blocked\n\n${description}`,
      },
    ],
  };
}

function describeGate(result: RunResult, reason: BlockReason, count: number): string {
  const { because, setting, advice } = BLOCK_WORDS[reason];
  const help = setting === null ? `→ ${advice}` : adviceOn(result, setting.name, setting.way);
  return `**${fixed(count, 0)}** blocked: ${because}\n${help}\n${byTrigger(result, reason)}`;
}

/** How many entries each cap made smaller than their risk alone would have, the most frequent first. */
export function countCaps({ events }: RunResult): readonly { readonly cap: Cap; readonly entries: number }[] {
  return CAPS.map((cap) => ({ cap, entries: events.filter((event) => event.kind === 'opened' && event.cap === cap).length }))
    .filter(({ entries }) => entries > 0)
    .toSorted((one, other) => other.entries - one.entries);
}

function describeCaps(result: RunResult): readonly string[] {
  const opened = result.events.filter(({ kind }) => kind === 'opened').length;
  return countCaps(result).map(({ cap, entries }) => {
    const { because, setting, advice } = BLOCK_WORDS[cap];
    const help = setting === null ? `→ ${advice}` : adviceOn(result, setting.name, setting.way);
    return `**${fixed(entries, 0)}** of ${fixed(opened, 0)} entries cut: ${because}\n${help}\n-# they risk less than \`max_position_risk_pct\` ${result.settings.max_position_risk_pct} asks for`;
  });
}

function adviceOn({ settings }: RunResult, name: ParameterName, way: 'raise' | 'lower' | 'change'): string {
  const parameter = findParameter(name);
  const value = settings[name];
  const end = 'max' in parameter && way !== 'change' ? (way === 'raise' ? parameter.max : parameter.min) : null;
  if (value === end) return `→ \`${name}\` is ${formatSetting(value)} already, as far as it goes`;
  return `→ ${way} \`${name}\` (is ${formatSetting(value)}; ${rangeOf(parameter)})`;
}

function byTrigger({ blocks_by_trigger }: RunResult, reason: BlockReason): string {
  const counts = Object.entries(blocks_by_trigger)
    .flatMap(([trigger, blocks]) => {
      const count = blocks[reason];
      return count === undefined || count === 0 ? [] : [{ trigger, count }];
    })
    .toSorted((one, other) => other.count - one.count);
  const shown = counts.slice(0, TRIGGERS_SHOWN).map(({ trigger, count }) => `${trigger} ${fixed(count, 0)}`);
  const more = counts.length - shown.length;
  return `-# ${[...shown, ...(more === 0 ? [] : [`${more} more triggers`])].join(', ')}`;
}

/** As many as a card takes; what is left out is said. */
function asManyAsFit(parts: readonly string[]): string {
  const shown: string[] = [];
  for (const part of parts) {
    if ([...shown, part].join('\n\n').length > DESCRIPTION_CHARACTERS) break;
    shown.push(part);
  }
  const rest = parts.length - shown.length;
  return [...shown, ...(rest === 0 ? [] : [`and ${rest} more: \`/runs export\` has every block and event`])].join('\n\n');
}
