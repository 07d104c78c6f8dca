import { fitLines } from './fit-lines.ts';
import { type Attachment, type Message, textMessage } from './message.ts';

/** Something that says how to trade: one fixed plan, the desk's rules, or a prompt for a model. */
export type StrategyLine = {
  readonly kind: 'plan' | 'rules' | 'prompt';
  readonly id: string;
  readonly description: string;
  /** Short; another text has another. */
  readonly version: string;
};

export type StrategyText = StrategyLine & {
  /** Markdown. */
  readonly text: string;
};

export type StrategyList = {
  readonly strategies: readonly StrategyLine[];
  /** The model that plans; null without a key. */
  readonly model: string | null;
};

const CONTENT_CHARACTERS = 1_900;

/** What can be traded by, and who plans. */
export function renderStrategies({ strategies, model }: StrategyList): Message {
  const of = (kind: StrategyLine['kind']) => strategies.filter((strategy) => strategy.kind === kind).map(describe);
  const planner =
    model === null
      ? 'There is no OPENAI_API_KEY: whatever strategist is named, the rules plan, at no cost.'
      : `With a style of a model, \`${model}\` plans.`;
  const lines = [
    '**Strategies**: one plan for the whole run',
    ...of('plan'),
    '**Strategist**: plans, and plans again as the market asks: `/backtest strategist:rule-based`',
    ...of('rules'),
    ...of('prompt'),
    planner,
    'Read one: `/strategy show name:prompt:conservative`',
  ];
  return textMessage(fitLines(lines, CONTENT_CHARACTERS, (left) => `-# and ${left} more`));
}

/** One of them, its text as a file. */
export function renderStrategy({ kind, id, description, version, text }: StrategyText): Message {
  const file: Attachment = {
    name: `${kind}-${id}-${version}.md`,
    bytes: new TextEncoder().encode(text),
    description: `The text of ${KIND_WORDS[kind]} ${id}`,
  };
  return { ...textMessage(`**${id}** (${KIND_WORDS[kind]}, version \`${version}\`): ${description}`), files: [file] };
}

export const KIND_WORDS: Readonly<Record<StrategyLine['kind'], string>> = {
  plan: 'built-in plan',
  rules: 'the desk’s rules',
  prompt: 'prompt for a model',
};

/** As it is named in commands. */
export function strategyName({ kind, id }: Pick<StrategyLine, 'kind' | 'id'>): string {
  return `${kind}:${id}`;
}

function describe(strategy: StrategyLine): string {
  return `- \`${strategyName(strategy)}\` ${strategy.description}`;
}
