import { z } from 'zod';
import { Refusal } from '../engine/refusal.ts';
import type { JsonObject } from './json.ts';

export const CHART_LIMITS = { bodyBytes: 2 * 1024 * 1024, sidePx: 4_096, pixels: 8_000_000, points: 100_000 } as const;

export type ChartRequest = {
  readonly config: JsonObject;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly pixelRatio: number;
  /** CSS colour under the chart; null leaves it transparent. */
  readonly background: string | null;
};

const side = z.coerce.number().int().min(1).max(CHART_LIMITS.sidePx);

/** The fields of a QuickChart request, as its POST body names them. */
const bodySchema = z.object({
  chart: z.unknown().describe('Chart.js configuration; JSON text or an object'),
  width: side.default(500).describe('Width of the picture; CSS pixels, 1–4096'),
  height: side.default(300).describe('Height of the picture; CSS pixels, 1–4096'),
  devicePixelRatio: z.coerce.number().min(0.5).max(3).default(1).describe('Picture pixels for one CSS pixel; ratio, 0.5–3'),
  backgroundColor: z
    .string()
    .regex(/^[#\w(),.% ]{1,64}$/, 'must be a CSS colour, e.g. #1e1f22')
    .default('transparent')
    .describe('Colour under the chart; CSS colour'),
  format: z.literal('png', 'must be png, the only format drawn here').default('png').describe('Picture format; png'),
  version: z
    .string()
    .regex(/^4(\.|$)/, 'must be 4, the Chart.js drawn here')
    .default('4')
    .describe('Chart.js version; 4'),
});

const configSchema = z.looseObject({ type: z.string(), data: z.looseObject({ datasets: z.array(z.looseObject({})) }) });

/** Reads the body of POST /chart. */
export function parseChartBody(text: string): ChartRequest {
  return readRequest(parseJson(text, 'request body'));
}

/** Reads the query of GET /chart, long and short names alike. */
export function parseChartQuery(query: URLSearchParams): ChartRequest {
  const names = { chart: 'c', width: 'w', height: 'h', devicePixelRatio: 'dpr', backgroundColor: 'bkg', format: 'f', version: 'v' };
  const given = Object.entries(names).map(([name, short]) => [name, query.get(name) ?? query.get(short)]);
  return readRequest(Object.fromEntries(given.filter(([, value]) => value !== null)));
}

function readRequest(raw: unknown): ChartRequest {
  const body = bodySchema.safeParse(raw);
  if (!body.success) throw new Refusal(`The chart request is not understood:\n${z.prettifyError(body.error)}`);
  const { chart, width, height, devicePixelRatio, backgroundColor } = body.data;
  const pixels = width * height * devicePixelRatio ** 2;
  if (pixels > CHART_LIMITS.pixels) {
    throw new Refusal(
      `A picture of ${pixels} pixels was asked for; at most ${CHART_LIMITS.pixels} are drawn. Ask for a smaller width or height.`,
    );
  }
  return {
    config: readConfig(chart),
    widthPx: width,
    heightPx: height,
    pixelRatio: devicePixelRatio,
    background: backgroundColor === 'transparent' ? null : backgroundColor,
  };
}

function readConfig(chart: unknown): JsonObject {
  const config = typeof chart === 'string' ? parseJson(chart, 'chart') : chart;
  const parsed = configSchema.safeParse(config);
  if (!parsed.success) throw new Refusal(`The chart is not a Chart.js configuration:\n${z.prettifyError(parsed.error)}`);
  const points = countItems(config);
  if (points > CHART_LIMITS.points) {
    throw new Refusal(
      `The chart has ${points} points; at most ${CHART_LIMITS.points} are drawn. Send fewer, for example of a higher timeframe.`,
    );
  }
  // It came out of JSON.parse and the schema saw an object.
  return config as JsonObject;
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const seen = cause instanceof Error ? cause.message : String(cause);
    const wanted = 'Nothing is evaluated here: JavaScript (functions, single quotes, keys without quotes) is refused; send strict JSON.';
    throw new Refusal(`The ${what} is not JSON: ${seen}. ${wanted}`, { cause });
  }
}

/** Everything that stands in an array: points, labels, colours and datasets. */
function countItems(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let items = Array.isArray(value) ? value.length : 0;
  for (const inner of Object.values(value)) items += countItems(inner);
  return items;
}
