-- A plan that was kept without an answer for as long as it may be is followed by one that enters nothing.
alter table replan_events drop constraint replan_events_trigger_type_check;
alter table replan_events add constraint replan_events_trigger_type_check
  check (trigger_type in ('first_plan', 'volatility_spike', 'drawdown', 'support_break', 'resistance_break', 'scheduled', 'expired'));
