import type { ParameterName } from '../engine/parameters.ts';
import type { BlockReason } from '../engine/result.ts';

export type BlockWords = {
  /** What stood in the way, as the end of "blocked because …". */
  readonly because: string;
  /** What to turn for more entries, and which way; null when no parameter would help. */
  readonly setting: { readonly name: ParameterName; readonly way: 'raise' | 'lower' | 'change' } | null;
  /** What helps when no parameter does. */
  readonly advice: string | null;
};

const by = (name: ParameterName, way: 'raise' | 'lower' | 'change', because: string): BlockWords => ({
  because,
  setting: { name, way },
  advice: null,
});
const advise = (because: string, advice: string): BlockWords => ({ because, setting: null, advice });

/** Why a trigger that fired opened nothing, in plain words, gate by gate. */
export const BLOCK_WORDS: Readonly<Record<BlockReason, BlockWords>> = {
  no_stop: advise('there was no stop to size it by', 'give the trigger a stop in percent, or the run more history'),
  halted: by('after_liquidation', 'change', 'a liquidation had ended the trading'),
  walked_away: by('walk_away_enabled', 'change', 'the day had reached its target or limit and walked away'),
  stance_wait: advise('the plan said wait', 'run another strategy or plan'),
  emergency: advise('an emergency exit rule held', 'look at the emergency rules of the plan'),
  daily_loss: by('max_daily_loss_pct', 'raise', 'the day had lost its limit'),
  max_trades: by('max_trades_per_day', 'raise', 'the day had its number of entries'),
  symbol_triggers: by('max_triggers_per_symbol_per_day', 'raise', 'the symbol had its entries for the day'),
  already_positioned: advise('there was a position on that side already', 'nothing to change: one position a symbol'),
  min_hold: by('min_hold_bars', 'lower', 'the position to be reversed was too young'),
  cooldown: by('trade_cooldown_bars', 'lower', 'the symbol rested after its last exit'),
  price_move: by('min_price_move_pct', 'lower', 'the price had hardly moved since the last fill'),
  call_budget: by('max_calls_per_hour_per_symbol', 'raise', 'the symbol had its fills for the hour'),
  risk_budget: by('max_daily_risk_budget_pct', 'raise', 'the risk of the day was used up'),
  symbol_exposure: by('max_symbol_exposure_pct', 'raise', 'the symbol was at its largest notional'),
  portfolio_exposure: by('max_portfolio_exposure_pct', 'raise', 'all positions together were at their largest notional'),
  margin: by('max_portfolio_exposure_pct', 'lower', 'so much leverage leaves no room before liquidation'),
  short_on_spot: advise('spot cannot be sold short', 'run it as a perpetual'),
  below_minimum: by('initial_cash', 'raise', 'the size was below the smallest order'),
};
