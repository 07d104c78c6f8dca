import { backtestCommand } from './backtest.command.ts';
import { cancelButton } from './cancel.component.ts';
import { candlesCommand } from './candles.command.ts';
import { coveragePages } from './candles.component.ts';
import type { Command } from './command.ts';
import { compareCommand } from './compare.command.ts';
import type { Pressable } from './component.ts';
import { deskCommand } from './desk.command.ts';
import { auditPages } from './desk.component.ts';
import { presetCommand } from './preset.command.ts';
import { presetPages } from './preset.component.ts';
import { runsCommand } from './runs.command.ts';
import { playbackSteps, runsPages, tradesPages } from './runs.component.ts';
import { settingsCommand } from './settings.command.ts';
import { settingsAgain, settingsEdit, settingsFilled, settingsGroup, settingsPages } from './settings.component.ts';
import { strategyCommand } from './strategy.command.ts';
import { planPages } from './strategy.component.ts';
import { triggersCommand } from './triggers.command.ts';
import { replanPages } from './triggers.component.ts';
import { walkAwayCommand } from './walkaway.command.ts';
import { walkAwayPages } from './walkaway.component.ts';
import { whipsawAnswer } from './whipsaw.component.ts';

/** Every command there is: what is registered and what the router knows. */
export const COMMANDS: readonly Command[] = [
  backtestCommand,
  candlesCommand,
  compareCommand,
  deskCommand,
  presetCommand,
  runsCommand,
  settingsCommand,
  strategyCommand,
  triggersCommand,
  walkAwayCommand,
];

/** Every kind of button, select and form there is. */
export const COMPONENTS: readonly Pressable[] = [
  auditPages,
  cancelButton,
  coveragePages,
  planPages,
  playbackSteps,
  presetPages,
  replanPages,
  runsPages,
  settingsAgain,
  settingsEdit,
  settingsFilled,
  settingsGroup,
  settingsPages,
  tradesPages,
  walkAwayPages,
  whipsawAnswer,
];
