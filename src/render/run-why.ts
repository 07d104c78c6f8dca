import { findParameter, type ParameterName } from '../engine/parameters.ts';
import { BLOCK_REASONS, type BlockReason, type RunResult } from '../engine/result.ts';
import { formatSetting } from '../engine/settings.ts';
import { BLOCK_WORDS } from './block-words.ts';
import { type Message, textMessage } from './message.ts';
import { fixed } from './number-text.ts';
import { rangeOf } from './range-text.ts';
import { shortRunId } from './run-list.ts';

const DESCRIPTION_CHARACTERS = 3_800;
const TRIGGERS_SHOWN = 3;

/** Why a run has no more trades than it has: each gate that said no, how often, to whom, and what to turn. */
export function renderWhy(runId: string, result: RunResult): Message {
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
  const total = counted.reduce((sum, { count }) => sum + count, 0);
  const trades = `${fixed(summary.total_trades, 0)} ${summary.total_trades === 1 ? 'trade' : 'trades'}`;
  const description =
    parts.length === 0
      ? 'Nothing was blocked: every trigger that fired became an order. For more trades, change the rules of the plan.'
      : asManyAsFit(parts);
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

function adviceOn({ settings }: RunResult, name: ParameterName, way: 'raise' | 'lower' | 'change'): string {
  return `→ ${way} \`${name}\` (is ${formatSetting(settings[name])}; ${rangeOf(findParameter(name))})`;
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
  return [...shown, ...(rest === 0 ? [] : [`and ${rest} more gates: \`/runs export\` has them all`])].join('\n\n');
}
