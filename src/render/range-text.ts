import type { Parameter } from '../engine/parameters.ts';

/** Which values a parameter takes, as they are typed: `1 to 10 % of equity`, `A, B, C or null`. */
export function rangeOf(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'number':
    case 'integer':
      return `${parameter.min} to ${parameter.max} ${parameter.unit}`;
    case 'choice':
      return orList([...parameter.choices, ...(parameter.nullable ? ['null'] : [])]);
    case 'switch':
      return 'true or false';
    case 'hours':
      return `hours ${parameter.min}–${parameter.max} with commas, or null`;
    case 'periods':
      return `name:${parameter.min}–${parameter.max}, or null`;
  }
}

function orList(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}
