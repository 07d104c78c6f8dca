import { Command } from 'commander';
import { askOf } from '../../src/cli/backtest-ask.ts';
import { addBacktestOptions, type BacktestFlags } from '../../src/cli/backtest-options.ts';
import { type BacktestAsk, NOTHING_ASKED, resolveBacktestRequest } from '../../src/commands/backtest-request.ts';
import { type BacktestInput, backtest } from '../../src/engine/backtest.ts';
import { type GuildView, NOTHING_SET } from '../../src/engine/guild-view.ts';
import type { ParameterName } from '../../src/engine/parameters.ts';
import { formatSetting, type Overrides, type Settings } from '../../src/engine/settings.ts';
import { barsFromRows, inputOf, START_MS, SYMBOL, settingsWith } from './bars.ts';
import { type Effect, PARAMETER_EFFECTS, type Story } from './parameter-effects.ts';

export const effectOf = (name: ParameterName): Effect => PARAMETER_EFFECTS[name];

/** A value that a parameter is to get, as typed, and everything else of its scenario. */
export type Wish = { readonly name: ParameterName; readonly typed: string; readonly others: Overrides };

export function wishFor(name: ParameterName): Wish {
  const { settings = {}, to } = effectOf(name);
  const others: Overrides = settingsWith(settings);
  return { name, typed: formatSetting(to), others: Object.fromEntries(Object.entries(others).filter(([other]) => other !== name)) };
}

/** The settings of the scenario with one of its two values. */
export function settingsUnder(name: ParameterName, value: 'from' | 'to'): Settings {
  const { settings = {}, [value]: chosen } = effectOf(name);
  return settingsWith({ ...settings, [name]: chosen });
}

/** What a backtest that asks for this trades by. */
export function resolveSettings(ask: Partial<BacktestAsk>, guild: GuildView = NOTHING_SET): Settings {
  const context = { requestedAtMs: Date.UTC(2025, 9, 15), guild, strategyIds: ['aggressive_active'], exchange: 'bybit' };
  return resolveBacktestRequest({ ...NOTHING_ASKED, ...ask }, context).settings;
}

/** What `scalpdesk backtest` with these arguments asks for. */
export async function resolveInTerminal(args: readonly string[]): Promise<Settings> {
  const command = addBacktestOptions(new Command()).exitOverride();
  return resolveSettings(await askOf(command.parse(args, { from: 'user' }).opts<BacktestFlags>()));
}

export function inputUnder(name: ParameterName, settings: Settings): BacktestInput {
  const { rows, startMs = START_MS, ...run } = effectOf(name);
  return { ...inputOf({ ...run, bars: { [SYMBOL]: barsFromRows(rows, { startMs }) } }), settings };
}

export function backtestStory(name: ParameterName, settings: Settings): Story {
  const { trades, events, equity } = backtest(inputUnder(name, settings));
  return { trades, events, equity: [...equity.values] };
}
