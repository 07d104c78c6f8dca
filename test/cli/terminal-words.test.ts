import { describe, expect, it } from 'vitest';
import { terminalWords } from '../../src/cli/terminal-words.ts';

describe('terminalWords', () => {
  it.each([
    ['/runs list shows those there are', 'scalpdesk runs list shows those there are'],
    ['type /runs show id:1a2b3c4d now', 'type scalpdesk runs show 1a2b3c4d now'],
    ['Type /backtest preset:scalper-5m for the first', 'Type scalpdesk backtest --preset scalper-5m for the first'],
    ['/backtest symbols:ETH-USD timeframe:5m', 'scalpdesk backtest --symbols ETH-USD --timeframe 5m'],
    ['with /candles import and a file', 'with scalpdesk candles import and a file'],
    ['see /desk status.', 'see scalpdesk desk status.'],
    ['run it: /triggers history trigger:drawdown', 'run it: scalpdesk triggers history --trigger drawdown'],
    ['Turn it on: /walkaway set target:25', 'Turn it on: scalpdesk settings set walk_away_enabled true'],
    ['/settings show name:risk', 'scalpdesk settings show risk'],
    ['see /preset list', 'see scalpdesk preset list'],
    ['BTC/USD and and/or stay', 'BTC/USD and and/or stay'],
  ])('%s', (text, words) => {
    expect(terminalWords(text)).toBe(words);
  });
});
