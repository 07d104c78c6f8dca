-- Of which comparison a run is a variant: it follows the plans of that one's base.
create index comparisons_of_variant on comparison_runs using gin (variant_run_ids);
