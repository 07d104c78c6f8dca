export type FormField = {
  readonly id: string;
  /** In words; at most 45 characters. */
  readonly label: string;
  /** What may be typed; at most 100 characters. */
  readonly description: string;
  /** What stands in it when the form opens. */
  readonly value: string;
  readonly isRequired: boolean;
  /** Several lines may be typed. */
  readonly isLong: boolean;
};

/** Fields to fill in, shown over the channel to one person. What it means stands in its custom id alone. */
export type Form = {
  readonly customId: string;
  /** At most 45 characters. */
  readonly title: string;
  /** 1 to 5. */
  readonly fields: readonly FormField[];
};

/** What was typed, by the field's id. */
export type FilledForm = ReadonlyMap<string, string>;
