import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { Chart, type ChartConfiguration, registerables } from 'chart.js';
import type { ChartRequest } from './chart-request.ts';
import { FONT_FAMILY, registerFont } from './font.ts';

registerFont();
Chart.register(...registerables);
Chart.defaults.font.family = FONT_FAMILY;

/** Draws a Chart.js configuration and gives the PNG file. It holds its thread for as long as the chart needs. */
export async function drawPicture(request: ChartRequest): Promise<Uint8Array> {
  const canvas = createCanvas(request.widthPx, request.heightPx);
  // Without a document Chart.js takes whatever has getContext as it is, and listens to nothing.
  const item = canvas as unknown as Parameters<typeof Chart.getChart>[0];
  try {
    new Chart(item, fixedConfig(request)).draw();
    if (request.background !== null) paintBehind(canvas, request.background);
    return await canvas.encode('png');
  } finally {
    Chart.getChart(item)?.destroy();
  }
}

/** One still frame of the size asked for, whatever the configuration says about motion and size. */
function fixedConfig({ config, pixelRatio }: ChartRequest): ChartConfiguration {
  const options = typeof config.options === 'object' ? config.options : null;
  const fixed = { animation: false, responsive: false, events: [], devicePixelRatio: pixelRatio };
  // chart-request.ts has seen type and datasets; Chart.js itself refuses the rest in words.
  return { ...config, options: { ...options, ...fixed } } as unknown as ChartConfiguration;
}

function paintBehind(canvas: Canvas, colour: string): void {
  const context = canvas.getContext('2d');
  context.resetTransform();
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = colour;
  context.fillRect(0, 0, canvas.width, canvas.height);
}
