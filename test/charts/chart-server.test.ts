import { createServer } from 'node:http';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backtestChartSpec, CHART_SIZE } from '../../src/charts/backtest.spec.ts';
import { drawChart } from '../../src/charts/chart-client.ts';
import { type ChartServer, startChartServer } from '../../src/charts/chart-server.ts';
import type { JsonObject } from '../../src/charts/json.ts';
import { PALETTE } from '../../src/charts/palette.ts';
import { HOUR_MS } from '../../src/engine/bar.ts';
import type { Trade } from '../../src/engine/result.ts';
import { barsFrom, START_MS, trade } from './sample.ts';

const BARS = { type: 'bar', data: { labels: ['a', 'b'], datasets: [{ data: [1, 2], backgroundColor: '#ff0000' }] } };

let server: ChartServer;
beforeAll(async () => {
  server = await startChartServer();
});
afterAll(() => server.close());

function post(body: unknown): Promise<Response> {
  return fetch(`${server.url}/chart`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
}

async function readPicture(png: Uint8Array | ArrayBuffer) {
  const image = await loadImage(Buffer.from(png as Uint8Array));
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const colourAt = (pixel: number) => [data[pixel * 4], data[pixel * 4 + 1], data[pixel * 4 + 2], data[pixel * 4 + 3]];
  return { width: image.width, height: image.height, at: (x: number, y: number) => colourAt(y * image.width + x), colourAt };
}

/** How many pixels of a colour stand between two shares of the width. */
async function countPixels(png: Uint8Array, colour: string, from = 0, to = 1): Promise<number> {
  const picture = await readPicture(png);
  const wanted = [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
  let count = 0;
  for (let pixel = 0; pixel < picture.width * picture.height; pixel++) {
    const share = (pixel % picture.width) / picture.width;
    if (share >= from && share < to && wanted.every((value, index) => Math.abs((picture.colourAt(pixel)[index] ?? 0) - value) <= 1))
      count++;
  }
  return count;
}

function drawBacktest(trades: readonly Trade[], title = '+4.0 % after fees'): Promise<Uint8Array> {
  const candles = barsFrom([100, 102, 104, 106, 104, 102, 100]);
  const equity = { timesMs: candles.openTimeMs, values: Float64Array.of(10_000, 10_200, 10_400, 10_400, 9_800, 9_900, 10_400) };
  const chart = backtestChartSpec({
    title,
    symbol: 'BTC-USD',
    timeframe: '1h',
    candles,
    trades,
    openPositions: [],
    equity,
    initialCash: 10_000,
    simulated: false,
  });
  return drawChart({ baseUrl: server.url }, chart.config, CHART_SIZE);
}

describe('a backtest drawn through quickchart-js', () => {
  it('is an opaque dark picture of the size asked for', async () => {
    const picture = await readPicture(await drawBacktest([]));

    expect([picture.width, picture.height]).toEqual([1_200, 675]);
    expect(picture.at(2, 2)).toEqual([0x1e, 0x1f, 0x22, 255]);
    expect(picture.at(1_197, 672)).toEqual([0x1e, 0x1f, 0x22, 255]);
  });

  it('has green candles where price rose and red ones where it fell', async () => {
    const png = await drawBacktest([]);

    expect(await countPixels(png, PALETTE.up, 0, 0.4)).toBeGreaterThan(2_000);
    expect(await countPixels(png, PALETTE.down, 0, 0.4)).toBe(0);
    expect(await countPixels(png, PALETTE.down, 0.52, 0.85)).toBeGreaterThan(2_000);
    expect(await countPixels(png, PALETTE.up, 0.52, 0.85)).toBe(0);
  });

  it('shades what was held and marks where it began and ended', async () => {
    const held = trade({ entry_time: START_MS + HOUR_MS, exit_time: START_MS + 3 * HOUR_MS, exit_reason: 'target', exit_price: 105 });
    const [without, withTrade] = [await drawBacktest([]), await drawBacktest([held])];
    const shaded = '#253b2f';

    expect(await countPixels(without, shaded)).toBe(0);
    expect(await countPixels(withTrade, shaded, 0.2, 0.5)).toBeGreaterThan(20_000);
    expect(await countPixels(withTrade, shaded, 0.6, 1), 'nothing was held later').toBe(0);
    expect(await countPixels(withTrade, PALETTE.long)).toBeGreaterThan(100);
    expect(await countPixels(withTrade, PALETTE.target, 0.4, 0.6)).toBeGreaterThan(100);
  });

  it('shows very many holdings in strips that leave the candles bare', async () => {
    const png = await drawBacktest(new Array(70).fill(trade({ side: 'short', exit_time: START_MS + 5 * HOUR_MS })));

    expect(await countPixels(png, '#c76392', 0.1, 0.6)).toBeGreaterThan(3_000);
    expect(await countPixels(png, '#472629'), 'no band over the pane').toBe(0);
  });

  it('writes its title in the bundled font', async () => {
    const title = await readPicture(await drawBacktest([], 'Wagging tail of equity'));
    const written = [...Array(1_200).keys()].filter((x) => [...Array(60).keys()].some((y) => (title.at(x, y)[0] ?? 0) > 128));

    expect((written.at(-1) ?? 0) - (written[0] ?? 0), 'the width of these words in Inter Bold at 40 px').toBeCloseTo(427, -1);
  });
});

describe('the chart renderer', () => {
  it('answers GET with the short names of QuickChart', async () => {
    const query = new URLSearchParams({ c: JSON.stringify(BARS), w: '300', h: '200', bkg: '#00ff00', v: '4' });
    const response = await fetch(`${server.url}/chart?${query}`);
    const picture = await readPicture(await response.arrayBuffer());

    expect(response.headers.get('content-type')).toBe('image/png');
    expect([picture.width, picture.height, picture.at(1, 1)]).toEqual([300, 200, [0, 255, 0, 255]]);
  });

  it('takes a chart as text or as an object, and draws at a higher ratio when asked', async () => {
    const asText = await post({ chart: JSON.stringify(BARS), width: 100, height: 50 });
    const asObject = await post({ chart: BARS, width: 100, height: 50, devicePixelRatio: 2 });

    expect((await readPicture(await asText.arrayBuffer())).width).toBe(100);
    expect((await readPicture(await asObject.arrayBuffer())).width).toBe(200);
  });

  it.each([
    ['JavaScript', { chart: "{type:'bar',data:{datasets:[]},options:{onClick:function(){}}}" }, 400, 'JavaScript'],
    ['broken JSON', '{"chart":', 400, 'The request body is not JSON'],
    ['a chart without a type', { chart: { data: { datasets: [] } } }, 400, 'not a Chart.js configuration'],
    ['an unknown type of chart', { chart: { ...BARS, type: 'candlestick' } }, 400, '"candlestick" is not a registered controller'],
    ['no chart', {}, 400, 'at chart'],
    ['another format', { chart: BARS, format: 'svg' }, 400, 'must be png'],
    ['another Chart.js', { chart: BARS, version: '2.9.4' }, 400, 'must be 4'],
    ['a width of nothing', { chart: BARS, width: 0 }, 400, 'width'],
    ['too large a picture', { chart: BARS, width: 4_000, height: 4_000 }, 400, 'at most 8000000 are drawn'],
    [
      'too many points',
      { chart: { type: 'line', data: { datasets: [{ data: new Array(100_001).fill(1) }] } } },
      400,
      'at most 100000 are drawn',
    ],
    ['too large a body', ' '.repeat(3_000_000), 413, 'at most 2097152 are read'],
  ])('refuses %s in words', async (_, body, status, words) => {
    const response = await post(body);

    expect(await response.text()).toContain(words);
    expect(response.status).toBe(status);
    expect(response.headers.get('x-quickchart-error')).toContain(words);
  });

  it('knows no other address or method', async () => {
    const [elsewhere, deleted] = [await fetch(`${server.url}/create`), await fetch(`${server.url}/chart`, { method: 'DELETE' })];

    expect([elsewhere.status, deleted.status]).toEqual([404, 405]);
  });

  it('gives up on a chart that takes too long and draws the next one', async () => {
    const impatient = await startChartServer({ timeLimitMs: 4_000 });
    const endless = { ...BARS, options: { scales: { y: { min: 0, max: 1, ticks: { count: 4e9 } } } } };
    const draw = (chart: JsonObject) => drawChart({ baseUrl: impatient.url }, chart, { widthPx: 100, heightPx: 50 });

    await expect(draw(endless)).rejects.toThrow(/longer than 4000 ms|renderer failed/);
    expect((await readPicture(await draw(BARS))).width).toBe(100);
    await impatient.close();
  });

  it('draws charts that arrive together', async () => {
    const sizes = [100, 150, 200, 250];
    const pictures = await Promise.all(sizes.map((widthPx) => drawChart({ baseUrl: server.url }, BARS, { widthPx, heightPx: 50 })));

    expect(await Promise.all(pictures.map(async (png) => (await readPicture(png)).width))).toEqual(sizes);
  });
});

describe('drawChart', () => {
  it('passes on why the renderer refused', async () => {
    const unknown = { ...BARS, type: 'candlestick' };

    await expect(drawChart({ baseUrl: server.url }, unknown, CHART_SIZE)).rejects.toThrow('"candlestick" is not a registered controller');
  });

  it('says when nobody answers, when the answer is no picture and when it takes too long', async () => {
    const stranger = createServer((request, response) => {
      if (request.url === '/late/chart') return;
      response.end('<html>not a chart</html>');
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const address = stranger.address();
    const baseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;

    await expect(drawChart({ baseUrl }, BARS, CHART_SIZE)).rejects.toThrow('24 bytes that are not a PNG');
    await expect(drawChart({ baseUrl: `${baseUrl}/late/`, timeLimitMs: 50 }, BARS, CHART_SIZE)).rejects.toThrow('no answer in 50 ms');
    stranger.closeAllConnections();
    await new Promise((resolve) => stranger.close(resolve));
    await expect(drawChart({ baseUrl }, BARS, CHART_SIZE)).rejects.toThrow('drew nothing');
  });
});
