import { nearestName } from '../engine/nearest-name.ts';
import { Refusal } from '../engine/refusal.ts';
import { quote } from './asked-number.ts';

type Known = {
  /** With its slash, e.g. /backtest. */
  readonly command: string;
  readonly options: readonly string[];
};

/** A name with its colon at the beginning of a word; inside a word a colon belongs to the value, as in a time. */
const NAME = /(?<=^|\s)([a-z_]+):/gi;

/** Reads `/backtest preset:scalper-5m set:min_hold_bars=1 days:3` as it is typed and as it is written down: the options by their names. */
export function readTypedOptions(text: string, { command, options }: Known): ReadonlyMap<string, string> {
  const words = withoutCommand(text.trim(), command);
  const names = [...words.matchAll(NAME)];
  const before = words.slice(0, names[0]?.index ?? words.length).trim();
  if (before !== '') throw new Refusal(`${quote(before)} is no option; write name:value, e.g. ${command} preset:scalper-5m days:3`);

  const given = new Map<string, string>();
  for (const [index, { 0: typed, 1: name = '', index: at }] of names.entries()) {
    const value = words.slice(at + typed.length, names[index + 1]?.index ?? words.length).trim();
    const option = options.find((known) => known === name.toLowerCase());
    if (option === undefined) {
      throw new Refusal(`There is no option ${quote(name)}; the nearest is ${nearestName(name, options)} (all: ${options.join(', ')})`);
    }
    if (value === '') throw new Refusal(`${option} has no value; write one after the colon, or leave ${option}: out`);
    const earlier = given.get(option);
    if (earlier !== undefined) throw new Refusal(`${option} is given twice, as ${quote(earlier)} and ${quote(value)}; keep one`);
    given.set(option, value);
  }
  return given;
}

/** The name of the command may be missing, another command may not stand there. */
function withoutCommand(text: string, command: string): string {
  const [typed = ''] = /^\/\S*/.exec(text) ?? [];
  if (typed === '' || typed.toLowerCase() === command) return text.slice(typed.length).trimStart();
  throw new Refusal(`The command is ${quote(typed)}; it must be ${command}, e.g. ${command} preset:scalper-5m`);
}
