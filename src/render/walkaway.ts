import { type GuildView, overridesOf } from '../engine/guild-view.ts';
import { effectiveSettings, type Settings } from '../engine/settings.ts';
import { type MadeNow, madeNowText } from './made-now.ts';
import { type Message, textMessage } from './message.ts';
import { short } from './number-text.ts';
import { settingSources } from './setting-sources.ts';
import { namesIn } from './setting-words.ts';
import { table } from './table.ts';

/** What of walking away applies in a group, and where it comes from; with what was changed just now, if anything was. */
export function renderWalkAway(guild: GuildView, made: MadeNow | null): Message {
  const settings = effectiveSettings(overridesOf(guild));
  const rows: readonly (readonly [string, string])[] = [
    ['Walk-away', settings.walk_away_enabled ? 'on' : 'off'],
    ['Profit target', `${short(settings.walk_away_profit_target_pct, 6)} %`],
    ['Loss limit', `${short(settings.walk_away_loss_limit_pct, 6)} %`],
    ['Then', settings.walk_away_action],
    ['Next day', settings.walk_away_resume_next_session ? 'trades again' : 'stays away'],
  ];
  return textMessage(
    [
      ...(made === null ? [] : [madeNowText(made), '']),
      `**Walk-away** ${describe(settings)}`,
      table(rows),
      settingSources(guild, namesIn('walk_away')),
    ].join('\n'),
  );
}

/** The one line that matters. */
function describe(settings: Settings): string {
  if (!settings.walk_away_enabled) return 'is off: a day goes on whatever it has made. Turn it on: `/walkaway set target:25`';
  const target = short(settings.walk_away_profit_target_pct, 6);
  const limit = short(settings.walk_away_loss_limit_pct, 6);
  const until = settings.walk_away_resume_next_session ? 'until the next UTC day' : 'until someone resumes it';
  const then =
    settings.walk_away_action === 'flatten'
      ? `everything is closed at the next open, and nothing is opened ${until}`
      : `nothing is opened ${until}; positions keep their stops and targets`;
  return `at +${target} % or −${limit} % on the day: ${then}`;
}
