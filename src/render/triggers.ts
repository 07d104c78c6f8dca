import { type GuildView, overridesOf } from '../engine/guild-view.ts';
import { effectiveSettings, type Settings } from '../engine/settings.ts';
import { type MadeNow, madeNowText } from './made-now.ts';
import { type Message, textMessage } from './message.ts';
import { short } from './number-text.ts';
import { settingSources } from './setting-sources.ts';
import { namesIn } from './setting-words.ts';
import { codeBlock, sides, TABLE_COLUMNS } from './table.ts';

/** When a group's runs ask for a new plan, and where that comes from; with what was changed just now, if anything was. */
export function renderTriggers(guild: GuildView, made: MadeNow | null): Message {
  const settings = effectiveSettings(overridesOf(guild));
  const lines = [
    sides('Volatility spike', onOff(settings.volatility_spike_enabled)),
    ` ATR over ${short(settings.volatility_spike_multiplier, 4)} × its mean`,
    ` of the ${settings.volatility_spike_lookback_bars} bars before`,
    sides('Drawdown', onOff(settings.drawdown_replan_enabled)),
    ` ${short(settings.drawdown_threshold_pct, 4)} % below the peak`,
    sides('Support break', onOff(settings.support_break_enabled)),
    sides('Resistance break', onOff(settings.resistance_break_enabled)),
    ...hoursLines(settings.scheduled_hours),
    sides('The market may ask', `${settings.max_reactive_replans_per_day} × a day`),
    ` ${settings.min_replan_interval_minutes} minutes apart`,
  ];
  return textMessage(
    [
      ...(made === null ? [] : [madeNowText(made), '']),
      `**Triggers** ${describe(settings)}`,
      codeBlock(lines),
      settingSources(guild, namesIn('replan')),
    ].join('\n'),
  );
}

/** The one line that matters: what asks for a new plan, and what is set and yet does nothing. */
function describe(settings: Settings): string {
  const reactive = [
    ...(settings.volatility_spike_enabled ? ['volatility spike'] : []),
    ...(settings.drawdown_replan_enabled ? ['drawdown'] : []),
    ...(settings.support_break_enabled ? ['support break'] : []),
    ...(settings.resistance_break_enabled ? ['resistance break'] : []),
  ];
  const scheduled = settings.scheduled_hours.length === 0 ? [] : ['the schedule'];
  if (reactive.length > 0 && settings.max_reactive_replans_per_day === 0) {
    return `the market asks in vain: its budget is 0 a day. Raise it: \`/triggers set budget:3\``;
  }
  const asking = [...reactive, ...scheduled];
  return asking.length === 0 ? 'nothing asks for a new plan' : `a new plan is asked for by ${asking.join(', ')}`;
}

function onOff(isOn: boolean): string {
  return isOn ? 'on' : 'off';
}

/** Every hour is shown, on as many lines as that takes. */
function hoursLines(hours: readonly number[]): readonly string[] {
  const text = hours.length === 0 ? 'never' : hours.length === 24 ? 'every hour' : hours.join(',');
  const name = 'Schedule, UTC';
  if (name.length + text.length < TABLE_COLUMNS) return [sides(name, text)];
  const rows: string[] = [''];
  for (const hour of hours) {
    const row = rows.at(-1) ?? '';
    const longer = row === '' ? ` ${hour}` : `${row},${hour}`;
    if (longer.length < TABLE_COLUMNS) rows[rows.length - 1] = longer;
    else rows.push(` ${hour}`);
  }
  return [name, ...rows];
}
