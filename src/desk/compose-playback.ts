import { drawChart } from '../charts/chart-client.ts';
import { PLAYBACK_CHART_SIZE, playbackChartSpec, type ShownPosition } from '../charts/playback.spec.ts';
import type { WantedBar } from '../commands/ports.ts';
import { firstAtOrAfter } from '../engine/candles.ts';
import type { Moment, PlaybackTimeline } from '../engine/playback.ts';
import { Refusal } from '../engine/refusal.ts';
import type { Attachment, Message } from '../render/message.ts';
import { fixed } from '../render/number-text.ts';
import { headingOf, type PlaybackPlace, renderPlayback } from '../render/playback.ts';
import type { DoneRun, RunAgain } from './run-again.ts';

type Ports = {
  readonly again: Pick<RunAgain, 'play'>;
  readonly chartUrl: string;
  readonly reportError: (error: unknown) => void;
};

/** One bar of a run with its picture. */
export async function composePlayback({ again, chartUrl, reportError }: Ports, run: DoneRun, wanted: WantedBar): Promise<Message> {
  const { result } = run;
  const { timeline, momentAt } = await again.play(run);
  const place = placeOf(timeline, barOf(timeline, wanted));
  const moment = await momentAt(timeline.timesMs[place.bar] as number);
  const card = {
    runId: run.id,
    timeframe: result.data.timeframe,
    simulated: result.data.simulated,
    settings: result.settings,
    place,
    moment,
    isSameRun: timeline.finalEquity === result.summary.final_equity && timeline.timesMs.length === result.equity.timesMs.length,
  };
  const chart = await draw(chartUrl, card).catch((error: unknown) => {
    reportError(error);
    return null;
  });
  return renderPlayback({ ...card, chart });
}

function barOf({ timesMs, stops }: PlaybackTimeline, wanted: WantedBar): number {
  const last = timesMs.length - 1;
  if (wanted === null) return stops[0] ?? 0;
  if (wanted.kind === 'time') return Math.max(0, firstAtOrAfter(timesMs, wanted.timeMs + 1) - 1);
  // Bars may have been imported anew since the button was made.
  if (wanted.bar > last) throw new Refusal(`The run has ${last + 1} bars, so there is no bar ${wanted.bar + 1}; give /runs playback again`);
  return wanted.bar;
}

function placeOf({ timesMs, stops }: PlaybackTimeline, bar: number): PlaybackPlace {
  const next = stops.find((stop) => stop > bar) ?? null;
  const previous = stops.findLast((stop) => stop < bar) ?? null;
  return { bar, bars: timesMs.length, previousStop: previous, nextStop: next };
}

type Shown = Omit<Parameters<typeof renderPlayback>[0], 'chart' | 'isSameRun'>;

async function draw(chartUrl: string, { runId, moment, place, timeframe, simulated, settings }: Shown): Promise<Attachment> {
  const { symbol, candles, cursor, trades } = moment.view;
  const title = headingOf({ moment, settings });
  const when = new Date(moment.openTimeMs).toISOString().slice(0, 16).replace('T', ' ');
  const position = positionOf(moment);
  const config = playbackChartSpec({
    title,
    subtitle: [...(simulated ? ['simulated'] : []), `${symbol} ${timeframe}`, `${when} UTC`, `bar ${fixed(place.bar + 1, 0)}`],
    symbol,
    candles,
    cursor,
    trades,
    position,
    simulated,
  });
  const bytes = await drawChart({ baseUrl: chartUrl }, config, PLAYBACK_CHART_SIZE);
  const held = position === null ? 'no position' : `${position.side} from ${position.entryPrice}`;
  return {
    name: `playback-${runId.slice(0, 8)}-${place.bar}.png`,
    bytes,
    description: `${candles.openTimeMs.length} candles of ${symbol} ${timeframe} around ${when} UTC. ${title}; ${held}.`,
  };
}

/** That of the symbol in the picture. */
function positionOf({ state, symbols, view }: Moment): ShownPosition | null {
  const position = state.symbols[symbols.indexOf(view.symbol)]?.position ?? null;
  if (position === null) return null;
  const { direction, entryTimeMs, entryPrice, stop, target, liquidationPrice } = position;
  return { side: direction === 1 ? 'long' : 'short', entryTimeMs, entryPrice, stop, target, liquidationPrice };
}
