import { PARAMETERS, type Parameter, type ParameterName } from '../engine/parameters.ts';
import { RUN_PRESETS, WHIPSAW_PRESETS } from '../engine/presets.ts';
import { DEFAULT_SETTINGS, formatSetting, type Overrides } from '../engine/settings.ts';

type Named = Parameter & { readonly name: ParameterName };

type Preset = { readonly name: string; readonly overrides: Overrides };

const INTRODUCTION = `# Parameters

Everything a person can turn, from the registry in \`src/engine/parameters.ts\`. This page is made from it by
\`npm run -s scalpdesk -- parameters --markdown > docs/parameters.md\`; a test fails when it is stale.

- In Discord: \`set:\` of \`/backtest\` for one run, \`/settings\` for the group. In the terminal: \`--set name=value\`, or the parameter's own flag with hyphens
  (\`--max-position-risk-pct 4\`). A session takes the same names and values; only its \`initial_cash\` stays what it began with.
- What a run asks for goes over its preset, the preset over what the group has set, and that over the defaults.
- 0, null and "not set" are three things: 0 is a number, null is a value of its own where the range names it, and what is not set comes from below.
- A value out of its range is refused, never moved into it. The step is what a person would move a value by; values between steps are taken.
- \`true\` may be typed \`on\` or \`yes\`, \`false\` \`off\` or \`no\`. Lists have commas and no spaces: \`scheduled_hours=0,12\`, \`custom_indicator_periods=rsi:7,atr:10\`
  (the names are in [indicators.md](indicators.md)).`;

const HEADER = ['name', 'unit', 'range', 'step', 'default', 'meaning'];

/** The registry as a page of the documents: a table a group, then what the presets set. */
export function parametersMarkdown(): string {
  const groups = [...new Set(PARAMETERS.map(({ group }) => group))];
  const sections = groups.map((group) => {
    const rows = PARAMETERS.filter((parameter) => parameter.group === group).map(parameterRow);
    return `## ${group}\n\n${table(HEADER, rows)}`;
  });
  const whipsaw = Object.entries(WHIPSAW_PRESETS).map(([name, overrides]): Preset => ({ name, overrides }));
  return [
    INTRODUCTION,
    ...sections,
    `## What presets set\n\nAn empty cell leaves the parameter to what the group has set, and that to the default.\n\n${presetTable(RUN_PRESETS)}`,
    `\`whipsaw:\` of \`/backtest\`, \`--whipsaw\` in the terminal; \`custom\` names no values, the three are set one by one:\n\n${presetTable(whipsaw)}`,
  ].join('\n\n');
}

function parameterRow(parameter: Named): readonly string[] {
  const step = 'step' in parameter ? String(parameter.step) : '';
  const standard = formatSetting(DEFAULT_SETTINGS[parameter.name]);
  return [`\`${parameter.name}\``, parameter.unit, valuesOf(parameter), step, `\`${standard}\``, parameter.meaning];
}

function valuesOf(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'number':
    case 'integer':
      return `${parameter.min} to ${parameter.max}`;
    case 'choice':
      return [...parameter.choices, ...(parameter.nullable ? ['null'] : [])].join(', ');
    case 'switch':
      return 'true, false';
    case 'hours':
      return `different hours, each ${parameter.min} to ${parameter.max}, or null`;
    case 'periods':
      return `name:period, each ${parameter.min} to ${parameter.max}, or null`;
  }
}

function presetTable(presets: readonly Preset[]): string {
  const set = PARAMETERS.filter(({ name }) => presets.some(({ overrides }) => name in overrides));
  const rows = set.map(({ name }) => [`\`${name}\``, ...presets.map(({ overrides }) => cellOf(overrides, name))]);
  return table(['', ...presets.map(({ name }) => name)], rows);
}

function cellOf(overrides: Overrides, name: ParameterName): string {
  const value = overrides[name];
  return value === undefined ? '' : `\`${formatSetting(value)}\``;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
