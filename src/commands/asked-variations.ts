import { MAX_VARIANTS } from '../engine/compare.ts';
import { nearestName } from '../engine/nearest-name.ts';
import { findParameter, isParameterName, PARAMETER_NAMES, type ParameterName } from '../engine/parameters.ts';
import { Refusal } from '../engine/refusal.ts';
import { formatSetting, type Overrides, parseSetting } from '../engine/settings.ts';
import { quote } from './asked-number.ts';
import { askedLeverage } from './asked-settings.ts';

/** What is to be compared, as a person says it; null is "not said". */
export type VariationsAsk = {
  /** `1,2,3,5`. */
  readonly leverage: string | null;
  /** `name=v1,v2 name=v1,v2`. */
  readonly vary: string | null;
  /** One for each variant, commas between. */
  readonly labels: string | null;
};

export type AskedVariations = { readonly variations: readonly Overrides[]; readonly labels: readonly string[] };

/** One parameter with the values it takes. */
type Axis = { readonly name: ParameterName; readonly values: readonly { readonly values: Overrides; readonly label: string }[] };

const MOST_AXES = 2;
const LABEL_CHARACTERS = 40;
const EXAMPLES = 'leverage:1,2,3,5 or vary:max_position_risk_pct=2,4,6';

/** Every value of one parameter, or the grid of two, each with its label. */
export function askedVariations({ leverage, vary, labels }: VariationsAsk): AskedVariations {
  const axes = [...(leverage === null ? [] : [leverageAxis(leverage)]), ...(vary === null ? [] : variedAxes(vary))];
  const [first, second, third] = axes;
  if (first === undefined) throw new Refusal(`Nothing is varied; say what to compare, e.g. ${EXAMPLES}`);
  if (third !== undefined) {
    throw new Refusal(`${axes.length} parameters are varied (${axes.map(({ name }) => name).join(', ')}); vary one or two at once`);
  }
  if (first.name === second?.name) throw new Refusal(`${first.name} is varied twice; keep one of the two (leverage 3 is 300 % of it)`);

  const variants = first.values.flatMap((one) =>
    second === undefined
      ? [one]
      : second.values.map((other) => ({ values: { ...one.values, ...other.values }, label: `${one.label} ${other.label}` })),
  );
  if (variants.length < 2)
    throw new Refusal(`Only ${first.values[0]?.label ?? ''} is named; a comparison needs at least 2 variants, e.g. ${EXAMPLES}`);
  if (variants.length > MAX_VARIANTS) {
    throw new Refusal(`That makes ${variants.length} variants; at most ${MAX_VARIANTS} are compared at once, so name fewer values`);
  }
  return {
    variations: variants.map(({ values }) => values),
    labels: labels === null ? variants.map(({ label }) => label) : askedLabels(labels, variants.length),
  };
}

function leverageAxis(text: string): Axis {
  const values = splitValues('leverage', text, ',').map((typed) => {
    const { leverage, limitPct } = askedLeverage(typed);
    return { values: { max_portfolio_exposure_pct: limitPct }, label: `${leverage}×` };
  });
  return { name: 'max_portfolio_exposure_pct', values: withoutTwice('leverage', values) };
}

function variedAxes(text: string): readonly Axis[] {
  return text
    .split(/[\s;]+/)
    .filter((pair) => pair !== '')
    .slice(0, MOST_AXES + 1)
    .map(variedAxis);
}

function variedAxis(pair: string): Axis {
  const [, name, text] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
  if (name === undefined || text === undefined) {
    throw new Refusal(`${quote(pair)} is not name=value,value; write e.g. vary:max_position_risk_pct=2,4,6`);
  }
  if (!isParameterName(name))
    throw new Refusal(`There is no parameter ${quote(name)}; the nearest is ${nearestName(name, PARAMETER_NAMES)}`);
  const values = splitValues(name, text, separatorOf(name)).map((typed) => {
    const value = parseSetting(name, typed);
    return { values: { [name]: value } as Overrides, label: `${name}=${formatSetting(value)}` };
  });
  return { name, values: withoutTwice(name, values) };
}

/** Values that have commas of their own are told apart by a bar: `scheduled_hours=0,8,16|0,12`. */
export function separatorOf(name: ParameterName): ',' | '|' {
  const { kind } = findParameter(name);
  return kind === 'hours' || kind === 'periods' ? '|' : ',';
}

function splitValues(name: string, text: string, separator: string): readonly string[] {
  const values = text.split(separator).map((value) => value.trim());
  if (values.every((value) => value !== '')) return values;
  throw new Refusal(`${name} is ${quote(text)}; there is nothing before or after one of its "${separator}", so take that out`);
}

function withoutTwice<Value extends { readonly label: string }>(name: string, values: readonly Value[]): readonly Value[] {
  const twice = values.find(({ label }, index) => values.findIndex((other) => other.label === label) !== index);
  if (twice === undefined) return values;
  throw new Refusal(`${name} names ${twice.label} twice; each variant is run once, so take one out`);
}

function askedLabels(text: string, wanted: number): readonly string[] {
  const labels = text.split(/[,;]/).map((label) => label.trim());
  if (labels.length !== wanted) {
    throw new Refusal(
      `There are ${wanted} variants but ${labels.length} labels; give one for each, with commas between, or leave labels out`,
    );
  }
  const bad = labels.find((label) => label === '' || label.length > LABEL_CHARACTERS);
  if (bad !== undefined) throw new Refusal(`The label ${quote(bad)} has ${bad.length} characters; it must have 1 to ${LABEL_CHARACTERS}`);
  const twice = labels.find((label, index) => labels.indexOf(label) !== index);
  if (twice !== undefined) throw new Refusal(`The label ${quote(twice)} is given twice; two variants must be told apart`);
  return labels;
}
