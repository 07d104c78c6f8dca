import type { APIEmbed } from 'discord.js';
import type { Timeframe } from '../engine/bar.ts';
import type { Firing, Moment } from '../engine/playback.ts';
import { formatSetting, type Settings } from '../engine/settings.ts';
import type { Position } from '../engine/state.ts';
import { BLOCK_WORDS } from './block-words.ts';
import { type Button, customIdOf } from './button.ts';
import { fitLines } from './fit-lines.ts';
import { type Attachment, type Message, textMessage } from './message.ts';
import { fixed, price, short, signed } from './number-text.ts';
import { eventWords } from './playback-events.ts';
import { shortRunId } from './run-list.ts';
import { table } from './table.ts';
import { discordTime } from './time-text.ts';

export const PLAYBACK = 'playback';

/** Where in a run one is, and where one may go. */
export type PlaybackPlace = {
  /** Of the bar, counted from 0. */
  readonly bar: number;
  readonly bars: number;
  /** The bars before and after it at which something happened. */
  readonly previousStop: number | null;
  readonly nextStop: number | null;
};

export type PlaybackCard = {
  readonly runId: string;
  readonly timeframe: Timeframe;
  readonly simulated: boolean;
  readonly settings: Settings;
  readonly place: PlaybackPlace;
  readonly moment: Moment;
  /** Null when it could not be drawn. */
  readonly chart: Attachment | null;
  /** Whether it still comes out as it did. */
  readonly isSameRun: boolean;
};

const DESCRIPTION_CHARS = 3_500;
const LINES_SHOWN = 8;

/** One bar of a run: the picture, and below it what was held, what happened, what fired and what stood in the way. */
export function renderPlayback(card: PlaybackCard): Message {
  const { runId, place, moment, chart, simulated, timeframe } = card;
  const picture: APIEmbed = {
    title: headingOf(card),
    description: `${simulated ? 'Simulated market · ' : ''}${moment.view.symbol} ${timeframe} · ${discordTime(moment.openTimeMs)} · bar ${fixed(place.bar + 1, 0)} of ${fixed(place.bars, 0)}`,
    ...(chart === null ? {} : { image: { url: `attachment://${chart.name}` } }),
  };
  const told: APIEmbed = {
    description: fitLines(sectionsOf(card), DESCRIPTION_CHARS, (left) => `-# and ${left} more lines: \`/runs export\` has everything`),
    footer: { text: `run ${shortRunId(runId)} · as it stood at the close of the bar` },
  };
  return { ...textMessage(''), embeds: [picture, told], files: chart === null ? [] : [chart], buttons: buttonsOf(runId, place) };
}

/** The number that matters first: what the account was worth. */
export function headingOf({ moment: { state }, settings }: Pick<PlaybackCard, 'moment' | 'settings'>): string {
  return `Equity ${fixed(state.equity, 2)} · ${signed((state.equity / settings.initial_cash - 1) * 100, 2)} %`;
}

function sectionsOf(card: PlaybackCard): readonly string[] {
  const { moment, isSameRun, chart } = card;
  return [
    ...(isSameRun
      ? []
      : [`**Not the run of the card:** what is kept has changed since; \`/runs verify id:${shortRunId(card.runId)}\` says what`]),
    ...(chart === null ? ['-# the chart could not be drawn; the rest is complete'] : []),
    ...positionsOf(card),
    ...section('In this bar', moment.happened.map(eventWords), 'nothing'),
    ...section(
      'Fired at its close',
      [...moment.firings.map((firing) => firingWords(firing, card.settings)), ...exitWords(card)],
      'nothing',
    ),
    ...section('The day and the plan', standingOf(card), ''),
  ];
}

function section(title: string, lines: readonly string[], none: string): readonly string[] {
  const shown = lines.slice(0, LINES_SHOWN);
  const more = lines.length - shown.length;
  if (lines.length === 0) return [`**${title}:** ${none}`];
  return [`**${title}**`, ...shown.map((line) => `- ${line}`), ...(more === 0 ? [] : [`- and ${more} more`])];
}

function positionsOf({ moment: { state, symbols } }: PlaybackCard): readonly string[] {
  const held = state.symbols.flatMap(({ position, mark }, index) =>
    position === null || mark === null ? [] : [positionText(position, symbols[index] ?? '', mark)],
  );
  return held.length === 0 ? ['**Position:** none'] : held;
}

function positionText(position: Position, symbol: string, mark: number): string {
  const { direction, quantity, entryPrice, stop, target, liquidationPrice, riskPerUnit, origin } = position;
  const unrealised = direction * quantity * (mark - entryPrice);
  const away = (level: number) => `${price(level)} ${signed((level / mark - 1) * 100, 2)} %`;
  return [
    `**${direction === 1 ? 'Long' : 'Short'} ${short(quantity, 6)} ${symbol}** by \`${origin.id}\` (${origin.grade}) since ${discordTime(position.entryTimeMs)}`,
    table([
      ['Unrealised', `${signed(unrealised, 2)} ${signed(unrealised / (quantity * riskPerUnit), 2)} R`],
      ['Entry', away(entryPrice)],
      ['Stop', away(stop)],
      ...(target === null ? [] : [['Target', away(target)] as const]),
      ...(liquidationPrice === null ? [] : [['Liq.', away(liquidationPrice)] as const]),
    ]),
    '-# % counted from the close of the bar',
  ].join('\n');
}

function firingWords(firing: Firing, settings: Settings): string {
  if (firing.kind === 'ordered') {
    const { order } = firing;
    const side = order.direction === 1 ? 'long' : 'short';
    const cut = order.cap === 'none' ? '' : `, cut by its ${order.cap.replaceAll('_', ' ')}`;
    return `\`${firing.triggerId}\` (${order.origin.grade}): **ordered** ${order.kind === 'reversal' ? 'a reversal to ' : ''}${side} ${short(order.quantity, 6)}${cut}`;
  }
  const { because, setting } = BLOCK_WORDS[firing.reason];
  const value = setting === null ? '' : ` (\`${setting.name}\` is ${formatSetting(settings[setting.name])})`;
  return `\`${firing.triggerId}\`: **blocked**, ${because}${value}`;
}

function exitWords({ moment: { exits, heldBackExits }, settings }: PlaybackCard): readonly string[] {
  return [
    ...exits.map(({ symbol, reason }) => `**exit** of ${symbol} ordered: ${reason.replaceAll('_', ' ')}`),
    ...(heldBackExits === 0 ? [] : [`an exit rule **waited**: the position is younger than \`min_hold_bars\` ${settings.min_hold_bars}`]),
  ];
}

function standingOf({ moment: { state, plan }, settings }: PlaybackCard): readonly string[] {
  const dayPct = state.dayStartEquity > 0 ? (state.equity / state.dayStartEquity - 1) * 100 : 0;
  const entries = `${state.tradesToday} of ${settings.max_trades_per_day} entries`;
  return [
    `day ${signed(dayPct, 2)} %, ${entries}`,
    `plan ${plan.number}: stance ${plan.plan.stance}, ${plan.plan.triggers.length} triggers`,
    ...(state.halted === null ? [] : [`**halted**: ${state.halted.replaceAll('_', ' ')}`]),
    ...(state.walkedAway === null ? [] : [`**walked away** at ${signed(state.walkedAway.dailyReturnPct, 2)} %`]),
    ...(state.dailyLossReached ? ['**daily loss** reached: no entries today'] : []),
  ];
}

/** Two rows of three: back above, on below. */
function buttonsOf(runId: string, { bar, bars, previousStop, nextStop }: PlaybackPlace): readonly Button[] {
  const go = (label: string, to: number | null, name: string, style: Button['style'] = 'secondary'): Button => {
    const isThere = to !== null && to >= 0 && to < bars && to !== bar;
    // Custom ids are unique within a message, and two of them may lead to the same bar.
    return { customId: customIdOf(PLAYBACK, runId, isThere ? to : bar, name), label, style, disabled: !isThere };
  };
  return [
    go('◀ event', previousStop, 'previous', 'primary'),
    go('−1 bar', bar - 1, 'back1'),
    go('−50', Math.max(0, bar - 50), 'back50'),
    go('event ▶', nextStop, 'next', 'primary'),
    go('+1 bar', bar + 1, 'on1'),
    go('+50', Math.min(bars - 1, bar + 50), 'on50'),
  ];
}
