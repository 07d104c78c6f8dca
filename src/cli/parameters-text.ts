import { PARAMETERS, type Parameter } from '../engine/parameters.ts';
import { formatSetting } from '../engine/settings.ts';

/** The registry for people: one parameter a block, in its groups. */
export function parametersText(): string {
  const groups = [...new Set(PARAMETERS.map(({ group }) => group))];
  return groups
    .map((group) => {
      const lines = PARAMETERS.filter((parameter) => parameter.group === group).map(
        (parameter) =>
          `  ${parameter.name}  ${rangeText(parameter)}, default ${formatSetting(parameter.default)}\n      ${parameter.meaning}`,
      );
      return `${group}\n${lines.join('\n')}`;
    })
    .join('\n\n');
}

export function rangeText(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'number':
    case 'integer':
      return `${parameter.min} to ${parameter.max} ${parameter.unit}`;
    case 'choice':
      return [...parameter.choices, ...(parameter.nullable ? ['null'] : [])].join(' | ');
    case 'periods':
      return `name:${parameter.min}–${parameter.max},…`;
    case 'switch':
      return 'true | false';
    case 'hours':
      return `${parameter.min}–${parameter.max},…`;
  }
}
