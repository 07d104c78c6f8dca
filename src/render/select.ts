export type SelectOption = {
  /** At most 100 characters, as the value and the description. */
  readonly label: string;
  readonly value: string;
  readonly description: string | null;
  readonly isChosen: boolean;
};

/** A list to choose one of. What it means stands in its custom id alone, so that it works after any restart. */
export type Select = {
  readonly customId: string;
  /** Shown while nothing is chosen; at most 150 characters. */
  readonly placeholder: string;
  /** 1 to 25. */
  readonly options: readonly SelectOption[];
};
