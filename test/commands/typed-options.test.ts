import { describe, expect, it } from 'vitest';
import { backtestCommand } from '../../src/commands/backtest.command.ts';
import { BACKTEST_OPTIONS } from '../../src/commands/start-backtest.ts';
import { readTypedOptions } from '../../src/commands/typed-options.ts';
import { Refusal } from '../../src/engine/refusal.ts';

const read = (text: string) => Object.fromEntries(readTypedOptions(text, { command: '/backtest', options: BACKTEST_OPTIONS }));

describe('readTypedOptions', () => {
  it.each<[string, Record<string, string>]>([
    ['', {}],
    ['/backtest', {}],
    ['/backtest preset:scalper-5m days:3', { preset: 'scalper-5m', days: '3' }],
    ['preset:scalper-5m\n  days: 3 ', { preset: 'scalper-5m', days: '3' }],
    ['/BACKTEST Days:3', { days: '3' }],
    ['/backtest symbols:BTC-USD, ETH-USD whipsaw:custom', { symbols: 'BTC-USD, ETH-USD', whipsaw: 'custom' }],
    ['/backtest start:2025-10-01T12:00 end:2025-10-02', { start: '2025-10-01T12:00', end: '2025-10-02' }],
    [
      '/backtest set:indicator_mode=custom custom_indicator_periods=rsi:7,atr:10 min_hold_bars=1 cash:500',
      { set: 'indicator_mode=custom custom_indicator_periods=rsi:7,atr:10 min_hold_bars=1', cash: '500' },
    ],
  ])('reads %j', (text, options) => {
    expect(read(text)).toEqual(options);
  });

  it.each([
    ['/runs list', 'The command is "/runs"; it must be /backtest'],
    ['scalper days:3', '"scalper" is no option; write name:value'],
    ['dasy:3', 'There is no option "dasy"; the nearest is days'],
    ['days: cash:5', 'days has no value'],
    ['days:3 days:4', 'days is given twice, as "3" and "4"'],
    ['🤷'.repeat(2_000), 'is no option; write name:value'],
    [`${'days '.repeat(800)}`, 'is no option; write name:value'],
  ])('refuses %j', (text, words) => {
    expect(() => read(text)).toThrow(Refusal);
    expect(() => read(text)).toThrow(words);
  });

  it('knows every option that the command has', () => {
    expect(backtestCommand.definition.toJSON().options?.map(({ name }) => name)).toEqual([...BACKTEST_OPTIONS]);
  });
});
