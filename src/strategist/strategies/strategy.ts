import type { Plan, Trigger } from '../../engine/plan.ts';

/** A plan written once for every symbol: its triggers name neither symbol nor timeframe. */
export type Strategy = {
  readonly id: string;
  readonly description: string;
  readonly regime: Plan['regime'];
  readonly stance: Plan['stance'];
  readonly rationale: string;
  readonly emergencyExit: string | null;
  readonly triggers: readonly Omit<Trigger, 'symbol' | 'timeframe'>[];
};
