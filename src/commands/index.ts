import { backtestCommand } from './backtest.command.ts';
import { cancelButton } from './cancel.component.ts';
import { candlesCommand } from './candles.command.ts';
import { coveragePages } from './candles.component.ts';
import type { Command } from './command.ts';
import type { Pressable } from './component.ts';
import { deskCommand } from './desk.command.ts';
import { runsCommand } from './runs.command.ts';
import { runsPages, tradesPages } from './runs.component.ts';

/** Every command there is: what is registered and what the router knows. */
export const COMMANDS: readonly Command[] = [backtestCommand, candlesCommand, deskCommand, runsCommand];

/** Every kind of button, select and form there is. */
export const COMPONENTS: readonly Pressable[] = [cancelButton, coveragePages, runsPages, tradesPages];
