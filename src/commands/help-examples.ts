/** What `/desk help` shows: one example for each thing people come for. */
export const HELP = [
  { does: 'A first backtest', type: '/backtest preset:scalper-5m' },
  { does: 'Other markets, a week', type: '/backtest symbols:ETH-USD days:7' },
  { does: 'Any parameter', type: '/backtest set:min_hold_bars=1' },
  { does: 'All runs', type: '/runs list' },
  { does: 'A run again, its trades', type: '/runs show · /runs trades' },
  { does: 'Why so few trades', type: '/runs why' },
  { does: 'A run as a file', type: '/runs export' },
  { does: 'Which bars there are', type: '/candles coverage' },
  { does: 'Bars of your own', type: '/candles import' },
  { does: 'Is all well?', type: '/desk status' },
] as const;
