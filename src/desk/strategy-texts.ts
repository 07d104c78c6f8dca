import { hashJson } from '../engine/hash.ts';
import { STYLE_MEANINGS } from '../engine/strategist-spec.ts';
import type { StrategyList, StrategyText } from '../render/strategy-list.ts';
import { ARCHETYPES } from '../strategist/archetypes.ts';
import { loadPrompt, PROMPT_IDS } from '../strategist/prompt.ts';
import { USUAL_ADX_BARS } from '../strategist/regime.ts';
import type { Strategy } from '../strategist/strategies/strategy.ts';
import { STRATEGIES } from '../strategist/strategy.ts';
import { type ModelAccess, modelOf } from './strategist.ts';

const VERSION_CHARACTERS = 8;

/** Everything that says how to trade, with its text. */
export function strategyTexts(): readonly StrategyText[] {
  return [
    ...STRATEGIES.map(planText),
    rulesText(),
    ...PROMPT_IDS.map((id): StrategyText => {
      const { text, hash } = loadPrompt(id);
      return { kind: 'prompt', id, description: meaningOf(id), version: hash.slice(0, VERSION_CHARACTERS), text };
    }),
  ];
}

export function listStrategies(access: ModelAccess): StrategyList {
  return { strategies: strategyTexts(), model: access.openaiApiKey === null ? null : modelOf(access) };
}

function planText(strategy: Strategy): StrategyText {
  const { id, description, regime, stance, rationale, triggers } = strategy;
  const blocks = triggers.map((trigger) => `## ${trigger.id}\n\n${fence(trigger)}`);
  const text = [`# ${id}`, description, `Regime ${regime}, stance ${stance}.`, rationale, ...blocks].join('\n\n');
  return { kind: 'plan', id, description, version: hashJson(strategy).slice(0, VERSION_CHARACTERS), text: `${text}\n` };
}

function rulesText(): StrategyText {
  const entries = Object.entries(ARCHETYPES).map(([name, archetype]) => {
    const { category, stopAtr, rules } = archetype;
    const sides = {
      category,
      stop_atr: stopAtr,
      long: rules('long', '@1h', USUAL_ADX_BARS),
      short: rules('short', '@1h', USUAL_ADX_BARS),
    };
    return { name, sides };
  });
  const text = [
    '# rule-based',
    'The kind of market on the highest timeframe that is known chooses: in a trend its pullbacks and breakouts, in a range fades of its edges, in a violent or unclear market breakouts.',
    'The timeframe of the entry is raised until the costs are small beside the risk; a stop is never widened for them, and what stays too dear is left alone. What did not occur once on the bars before is left out.',
    'A target lies where such trades get to: with a trend the root of the bars of sma_medium, in ATRs; in a fade four fifths of the usual way between the bands. Where that is less than 0.8 of the risk after costs, the trade is left alone. In a violent market stops are wider, targets nearer.',
    'Below, 1h stands for that highest timeframe, and levels of the ADX are for 14 bars; they grow as it looks back less.',
    ...entries.map(({ name, sides }) => `## ${name}\n\n${fence(sides)}`),
  ].join('\n\n');
  const id = 'rule-based';
  return { kind: 'rules', id, description: STYLE_MEANINGS[id], version: hashJson(entries).slice(0, VERSION_CHARACTERS), text: `${text}\n` };
}

function meaningOf(id: string): string {
  const known = Object.entries(STYLE_MEANINGS).find(([style]) => style === id);
  return known?.[1] ?? 'a language model';
}

function fence(value: unknown): string {
  return `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
}
