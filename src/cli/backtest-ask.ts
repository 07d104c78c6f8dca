import { readFile } from 'node:fs/promises';
import type { StrategistAsk } from '../commands/asked-strategist.ts';
import { type BacktestAsk, NOTHING_ASKED } from '../commands/backtest-request.ts';
import { INDICATOR_SOURCES, type IndicatorSource } from '../engine/indicators/indicator-source.ts';
import { nearestName } from '../engine/nearest-name.ts';
import { Refusal } from '../engine/refusal.ts';
import { parseOverrides } from '../engine/settings.ts';
import { type BacktestFlags, parameterFlags } from './backtest-options.ts';

/** The flags as a backtest asks for itself anywhere; files come in later, once they are imported. */
export async function askOf(flags: BacktestFlags): Promise<BacktestAsk> {
  const symbols = list(flags, 'symbols');
  const pair = text(flags, 'pair');
  if (pair !== null && symbols.length > 0)
    throw new Refusal(`--pair ${pair} and --symbols ${symbols.join(' ')} are both given; keep one of the two`);
  const timeframes = list(flags, 'timeframes');
  const set = list(flags, 'set');
  return {
    ...NOTHING_ASKED,
    preset: text(flags, 'preset'),
    symbols: pair ?? joined(symbols),
    timeframes: joined(timeframes),
    days: text(flags, 'days'),
    start: text(flags, 'start'),
    end: text(flags, 'end'),
    leverage: text(flags, 'leverage'),
    whipsaw: text(flags, 'whipsaw'),
    instrument: text(flags, 'instrument'),
    strategyId: text(flags, 'strategy'),
    plan: await planFrom(text(flags, 'plan')),
    strategist: await strategistOf(flags),
    seed: text(flags, 'seed'),
    setText: joined(set),
    overrides: parseOverrides(parameterFlags(flags)),
  };
}

/** Where the run's indicator columns come from; null where nothing was said. */
export function askedIndicators(flags: BacktestFlags): IndicatorSource | null {
  const word = text(flags, 'indicators');
  if (word === null) return null;
  const source = INDICATOR_SOURCES.find((known) => known === word);
  if (source !== undefined) return source;
  throw new Refusal(
    `--indicators ${word} is not known; the nearest is ${nearestName(word, INDICATOR_SOURCES)} (all: ${INDICATOR_SOURCES.join(', ')})`,
  );
}

export function text(flags: BacktestFlags, name: string): string | null {
  const value = flags[name];
  return typeof value === 'string' ? value : null;
}

export function list(flags: BacktestFlags, name: string): readonly string[] {
  const value = flags[name];
  return Array.isArray(value) ? value : [];
}

function joined(words: readonly string[]): string | null {
  return words.length === 0 ? null : words.join(' ');
}

/** `--llm-strategist` alone, or as it was once written, with `enabled`, leaves the style to the rest. */
async function strategistOf(flags: BacktestFlags): Promise<StrategistAsk> {
  const path = text(flags, 'llmPrompt');
  const isWanted = flags.llmStrategist === true || flags.llmStrategist === 'enabled';
  const prompt = path === null ? null : await readGiven('prompt', path);
  return {
    style: isWanted ? (prompt === null ? 'aggressive_active' : null) : text(flags, 'llmStrategist'),
    prompt,
    take: text(flags, 'llmRunId'),
    mode: text(flags, 'llmMode'),
  };
}

async function planFrom(path: string | null): Promise<unknown> {
  if (path === null) return null;
  const content = await readGiven('plan', path);
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new Refusal(`The plan ${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function readGiven(what: string, path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new Refusal(`Cannot read the ${what} ${path}: ${error instanceof Error ? error.message : String(error)}`);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Refusal(`The ${what} ${path} is no text in UTF-8; save it as UTF-8 and give it again`, { cause: error });
  }
}
