import { backtestCommand } from './backtest.command.ts';
import type { Command } from './command.ts';

/** Every command there is: what is registered and what the router knows. */
export const COMMANDS: readonly Command[] = [backtestCommand];
