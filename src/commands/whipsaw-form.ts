import { findParameter } from '../engine/parameters.ts';
import { Refusal } from '../engine/refusal.ts';
import type { AskedRun } from '../engine/run-spec.ts';
import { DEFAULT_SETTINGS, effectiveSettings, formatSetting, type Overrides, parseOverrides, type Settings } from '../engine/settings.ts';
import { customIdOf } from '../render/button.ts';
import type { FilledForm, Form, FormField } from '../render/form.ts';
import { rangeOf } from '../render/range-text.ts';
import { resolveBacktestRequest } from './backtest-request.ts';
import type { RequestContext } from './command.ts';
import { askedBacktest, BACKTEST_OPTIONS } from './start-backtest.ts';
import { readTypedOptions } from './typed-options.ts';

export const WHIPSAW = 'whipsaw';

const COMMAND = 'command';
const CUSTOM = 'custom';

/** The three controls: what they are called, and what 0 or null means. */
const CONTROLS = [
  { name: 'min_hold_bars', label: 'Hold', note: 'after the entry bar; 0 = none' },
  { name: 'trade_cooldown_bars', label: 'Cooldown', note: 'after the exit bar; 0 = none' },
  { name: 'confidence_override_threshold', label: 'Grade that may override', note: '(that or better may, null = none)' },
] as const;

/** `whipsaw:custom`: the three values that would apply, to be changed, and the command as it was typed, so that nothing need be kept. */
export function whipsawForm(typed: string, settings: Settings): Form {
  return {
    customId: customIdOf(WHIPSAW),
    title: 'Whipsaw protection of this backtest',
    fields: [
      ...CONTROLS.map(
        ({ name, label, note }): FormField => ({
          id: name,
          label,
          description: `${rangeOf(findParameter(name))} ${note}; default ${formatSetting(DEFAULT_SETTINGS[name])}`,
          value: formatSetting(settings[name]),
          isRequired: true,
          isLong: false,
        }),
      ),
      {
        id: COMMAND,
        label: 'Command',
        description: 'As you typed it, and you may change it; the values above go over it',
        value: typed,
        isRequired: true,
        isLong: true,
      },
    ],
  };
}

/** The run that a filled form asks for. A refusal quotes what was typed, so that nobody has to remember it. */
export function readWhipsawForm(filled: FilledForm, context: RequestContext): AskedRun {
  try {
    const values = parseOverrides(Object.fromEntries(CONTROLS.map(({ name }) => [name, filled.get(name)?.trim() ?? ''])));
    return withWhipsaw(readCommand(filled.get(COMMAND) ?? '', context), values);
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    const typed = CONTROLS.map(({ name }) => `${name} ${filled.get(name) ?? ''}`).join(', ');
    throw new Refusal(`${cause.message}\nYou had typed: ${typed}; ${filled.get(COMMAND) ?? ''}`, { cause });
  }
}

function readCommand(text: string, context: RequestContext): AskedRun {
  const given = readTypedOptions(text, { command: '/backtest', options: BACKTEST_OPTIONS });
  const whipsaw = given.get('whipsaw') ?? CUSTOM;
  if (whipsaw !== CUSTOM) {
    throw new Refusal(
      `whipsaw:${whipsaw} is given and values of your own are too; write whipsaw:${CUSTOM}, or give /backtest whipsaw:${whipsaw}`,
    );
  }
  return resolveBacktestRequest(
    askedBacktest((option) => given.get(option) ?? null),
    context,
  );
}

function withWhipsaw(asked: AskedRun, values: Overrides): AskedRun {
  return { ...asked, settings: effectiveSettings(asked.settings, values) };
}
