import { PARAMETERS } from '../engine/parameters.ts';
import { formatSetting } from '../engine/settings.ts';
import { rangeOf } from '../render/range-text.ts';

/** The registry for people: one parameter a block, in its groups. */
export function parametersText(): string {
  const groups = [...new Set(PARAMETERS.map(({ group }) => group))];
  return groups
    .map((group) => {
      const lines = PARAMETERS.filter((parameter) => parameter.group === group).map(
        (parameter) =>
          `  ${parameter.name}  ${rangeOf(parameter)}, default ${formatSetting(parameter.default)}\n      ${parameter.meaning}`,
      );
      return `${group}\n${lines.join('\n')}`;
    })
    .join('\n\n');
}
