import type { APIEmbed } from 'discord.js';
import type { Planning } from '../engine/plan-record.ts';
import type { DataQuality, RunResult, Summary } from '../engine/result.ts';
import { ENOUGH_DAYS, ENOUGH_TRADES } from '../engine/sample.ts';
import { changedSettings, formatSetting, leverageOf, type Settings } from '../engine/settings.ts';
import { costPerSidePct, edgeText } from './edge-text.ts';
import { evidenceText } from './evidence.ts';
import type { Attachment, Message } from './message.ts';
import { fixed, orNotAvailable, price, short, signed } from './number-text.ts';
import { planningText } from './planning.ts';
import { table } from './table.ts';
import { discordTime } from './time-text.ts';

const DAY_MS = 86_400_000;
export const GAIN_COLOUR = 0x2e9e6b;
export const LOSS_COLOUR = 0xc8453b;
const FIELD_CHARS = 1_024;

export type BacktestCard = {
  readonly runId: string;
  readonly preset: string | null;
  readonly strategyId: string | null;
  /** Null where nobody planned the run. */
  readonly planning: Planning | null;
  readonly result: RunResult;
  /** The picture, when it could be drawn. */
  readonly chart: Attachment | null;
  /** Whom to tell; null in the terminal. */
  readonly userId: string | null;
};

/** The result of a run: the answer first, then what one must know to believe it. */
export function renderBacktest({ runId, preset, strategyId, planning, result, chart, userId }: BacktestCard): Message {
  const { summary, data } = result;
  const embed: APIEmbed = {
    title: [data.symbols.join(', '), data.timeframe, ...(preset === null ? [] : [preset])].join(' · '),
    description: `**${answerOf(summary)}**\n${metricsTable(result)}`,
    color: summary.equity_return_pct < 0 ? LOSS_COLOUR : GAIN_COLOUR,
    fields: [
      ...(result.evidence === null ? [] : [{ name: 'Evidence', value: evidenceText(result.evidence) }]),
      { name: 'Data', value: dataText(data) },
      { name: 'Costs', value: costsText(result) },
      ...(planning === null
        ? []
        : [{ name: 'Strategist', value: `${planningText(planning)}\n\`/strategy plan id:${runId.slice(0, 8)}\` shows each plan` }]),
      { name: 'Plan and margin', value: planText(result, planNameOf(strategyId, planning)) },
      { name: 'Settings that differ from the defaults', value: settingsText(result.settings) },
      { name: 'Why not more trades', value: blocksText(summary) },
      ...(result.open_positions.length === 0 ? [] : [{ name: 'Still open', value: openText(result) }]),
      ...(result.remarks.length === 0 ? [] : [{ name: 'Know before you believe it', value: bullets(result.remarks) }]),
    ],
    footer: { text: `result ${result.result_hash.slice(0, 8)} · input ${result.input_hash.slice(0, 8)} · run ${runId.slice(0, 8)}` },
    ...(chart === null ? {} : { image: { url: `attachment://${chart.name}` } }),
  };
  return {
    content: `${userId === null ? '' : `<@${userId}> `}${answerOf(summary)}${data.simulated ? ' (simulated market)' : ''}`,
    embeds: [embed],
    files: chart === null ? [] : [chart],
    selects: [],
    buttons: [],
    mentionedUserIds: userId === null ? [] : [userId],
  };
}

/** The one line that matters: what is left after everything, from how many trades, at what pain. */
export function answerOf({ equity_return_pct, total_trades, max_drawdown_pct, liquidation_events }: Summary): string {
  const trades = `${fixed(total_trades, 0)} ${total_trades === 1 ? 'trade' : 'trades'}`;
  const liquidated = liquidation_events === 0 ? '' : `, ${liquidation_events} liquidated`;
  return `${signed(equity_return_pct, 1)} % net, ${trades}, max drawdown ${fixed(max_drawdown_pct, 1)} %${liquidated}`;
}

function metricsTable({ summary, data }: RunResult): string {
  const quote = data.symbols[0]?.split('-')[1] ?? '';
  const days = (data.end - data.start) / DAY_MS;
  const hasTrades = summary.total_trades >= ENOUGH_TRADES;
  const ratio = (value: number | null) => orNotAvailable(hasTrades && days >= ENOUGH_DAYS ? value : null, (known) => fixed(known, 2));
  const sampled = (value: number | null, show: (known: number) => string) => orNotAvailable(hasTrades ? value : null, show);
  return table([
    ['Net return', `${signed(summary.equity_return_pct, 2)} %`],
    [`Equity ${quote}`, fixed(summary.final_equity, 2)],
    ['Max drawdown', `${fixed(summary.max_drawdown_pct, 2)} %`],
    ['Trades', fixed(summary.total_trades, 0)],
    ['Win rate', sampled(summary.win_rate_pct, (value) => `${fixed(value, 1)} %`)],
    ['Profit factor', sampled(summary.profit_factor, (value) => fixed(value, 2))],
    ['Expectancy', sampled(summary.expectancy_r, (value) => `${signed(value, 2)} R`)],
    ['Sharpe', ratio(summary.sharpe_ratio)],
    ['Sortino', ratio(summary.sortino_ratio)],
    ['Average hold', orNotAvailable(summary.average_hold_bars, (value) => `${fixed(value, 1)} bars`)],
    ['Time in market', `${fixed(summary.exposure_pct, 0)} %`],
    ['Liquidations', fixed(summary.liquidation_events, 0)],
    ['Nearest to one', orNotAvailable(summary.nearest_liquidation_pct, (value) => `${fixed(value, 1)} %`)],
  ]);
}

export function dataText(data: DataQuality): string {
  const missing = data.gaps.reduce((bars, gap) => bars + gap.missing_bars, 0);
  const gapMinutes = data.gaps.reduce((minutes, gap) => minutes + (gap.to - gap.from) / 60_000, 0);
  const gaps = data.gaps.length === 0 ? 'no gaps' : `gaps: ${data.gaps.length} (${fixed(gapMinutes, 0)} min, ${fixed(missing, 0)} bars)`;
  return [
    `${data.simulated ? '**Simulated market**, no real prices' : 'Real bars'} · ${data.source}`,
    `${discordTime(data.start)} to ${discordTime(data.end)}`,
    `${fixed(data.bars, 0)} bars of ${data.timeframe}${data.symbols.length > 1 ? `, ${data.symbols.length} symbols` : ''}, ${gaps}`,
    `${fixed(data.warm_up_bars, 0)} earlier bars to warm up`,
  ].join('\n');
}

function costsText({ summary, settings, data }: RunResult): string {
  const funding =
    data.instrument === 'spot'
      ? 'spot: no funding'
      : data.funding_not_charged.length === data.symbols.length
        ? 'funding not charged'
        : `funding paid ${fixed(summary.funding, 2)}`;
  return [
    `Fees ${fixed(summary.fees, 2)}, ${funding}`,
    edgeText(summary, settings),
    `${short(costPerSidePct(settings), 4)} % is the fee of ${short(settings.taker_fee_pct, 4)} % and slippage of ${short(settings.slippage_pct, 4)} %`,
  ].join('\n');
}

function planNameOf(strategyId: string | null, planning: Planning | null): string {
  if (planning !== null) return 'First plan';
  return strategyId === null ? 'Own plan' : `Strategy ${strategyId}`;
}

function planText({ plans, settings, data }: RunResult, planName: string): string {
  const triggers = plans[0]?.plan.triggers.length ?? 0;
  const leverage = short(leverageOf(settings), 2);
  return [
    `${planName}: ${triggers} ${triggers === 1 ? 'trigger' : 'triggers'}, stance ${plans[0]?.plan.stance ?? 'wait'}`,
    data.instrument === 'spot' ? 'Spot, no leverage' : `Perpetual, leverage ${leverage}×, isolated margin, model ${settings.margin_model}`,
    ...data.margin_models,
  ].join('\n');
}

export function settingsText(settings: Settings): string {
  const changed = changedSettings(settings);
  return changed.length === 0 ? 'none' : changed.map(([name, value]) => `\`${name}=${formatSetting(value)}\``).join(' ');
}

function blocksText({ blocks, held_back_exits }: Summary): string {
  const counted = Object.entries(blocks)
    .sort(([, one], [, other]) => other - one)
    .map(([reason, count]) => `${reason} ${fixed(count, 0)}`);
  const held = held_back_exits === 0 ? [] : [`exits held back ${fixed(held_back_exits, 0)}`];
  return [...counted, ...held].join(', ') || 'nothing was blocked';
}

function openText({ open_positions }: RunResult): string {
  return open_positions
    .map(
      ({ symbol, side, quantity, entry_price, unrealised_pnl }) =>
        `${side} ${short(quantity, 6)} ${symbol} from ${price(entry_price)}, unrealised ${signed(unrealised_pnl, 2)}`,
    )
    .join('\n');
}

/** As many as fit a field, and how many more there are. */
function bullets(lines: readonly string[]): string {
  const shown: string[] = [];
  for (const line of lines) {
    const text = `- ${line.length > 300 ? `${line.slice(0, 297)}…` : line}`;
    if ([...shown, text].join('\n').length > FIELD_CHARS - 40) break;
    shown.push(text);
  }
  const rest = lines.length - shown.length;
  return [...shown, ...(rest === 0 ? [] : [`- and ${rest} more in the JSON of the run`])].join('\n');
}
