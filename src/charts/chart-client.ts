import QuickChart from 'quickchart-js';
import type { JsonObject } from './json.ts';
import { PALETTE } from './palette.ts';

export type ChartService = { readonly baseUrl: string; readonly timeLimitMs?: number };
export type PictureSize = { readonly widthPx: number; readonly heightPx: number };

// The package's types are those of its CommonJS build; its ES module gives directly what they put under `default`.
const Client = QuickChart as unknown as typeof QuickChart.default;

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Has the renderer at the base address draw a chart and gives the PNG file. The chart goes to that address and nowhere else. */
export async function drawChart(service: ChartService, config: JsonObject, size: PictureSize): Promise<Uint8Array> {
  const base = new URL(service.baseUrl);
  const request = new Client()
    .setConfig(JSON.stringify(config))
    .setScheme(base.protocol.slice(0, -1))
    .setHost(base.host + base.pathname.replace(/\/+$/, ''))
    .setWidth(size.widthPx)
    .setHeight(size.heightPx)
    .setDevicePixelRatio(1)
    .setBackgroundColor(PALETTE.background)
    .setVersion('4')
    .setFormat('png');

  const picture = await within(service.timeLimitMs ?? 20_000, request.toBinary()).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The chart renderer at ${base.host} drew nothing: ${reason}`, { cause });
  });
  if (!PNG_SIGNATURE.every((byte, index) => picture[index] === byte)) {
    throw new Error(`The chart renderer at ${base.host} answered with ${picture.length} bytes that are not a PNG; check QUICKCHART_URL.`);
  }
  return picture;
}

async function within<T>(timeLimitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | null = null;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${timeLimitMs} ms`)), timeLimitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}
