import { loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningWorker, startWorker } from '../../src/desk/start-worker.ts';
import { onDiscord } from './on-discord.ts';

const WAIT_MS = 20_000;

describe('/compare in Discord', () => {
  const on = onDiscord();
  let worker: RunningWorker | null = null;

  const stopWorker = async () => {
    await worker?.close(5_000);
    worker = null;
  };
  beforeAll(async () => {
    worker = await startWorker(on.desk);
  });
  afterAll(stopWorker);

  it('answers leverages with one card: table, ladder and picture, and every variant is a run', async () => {
    const press = await on.playground.slash({ command: 'compare', options: { leverage: '1,2,3,5', preset: 'scalper-5m' } });
    const card = await on.playground.channel().waitForMessage(({ attachments }) => attachments.length > 0, WAIT_MS);
    const reply = await press.waitForReply(({ content }) => content.includes('Done'), WAIT_MS);

    expect(on.errors).toEqual([]);
    expect(reply.content).toContain('**Comparison** of 1×, 2×, 3×, 5×\nBTC-USD · 5m · last 3 days · preset scalper-5m');
    expect(card.pings.users).toEqual([on.playground.home.userId]);
    const fields = card.embeds[0]?.fields ?? [];
    expect(fields.map(({ name }) => name)).toContain('Liquidation ladder');
    const { width, height } = await loadImage(Buffer.from(card.attachments[0]?.bytes ?? []));
    expect([width, height]).toEqual([1200, 675]);
    expect(card.attachments[0]?.description).toContain('Equity at the end: 1× ');

    const { rows } = await on.desk.pool.query<{ id: string; pct: number }>(
      `select id, (settings->'max_portfolio_exposure_pct')::float8 as pct
         from (select id, created_at, result->'settings' as settings from runs where state = 'done') done`,
    );
    expect(rows.map(({ pct }) => pct).sort((a, b) => a - b)).toEqual([100, 100, 200, 300, 500]);
    const five = rows.find(({ pct }) => pct === 500)?.id ?? '';
    expect(JSON.stringify(fields)).toContain(five.slice(0, 8));
    const shown = await on.playground.slash({ command: 'runs show', options: { id: five } });
    expect((await shown.waitForReply(({ embeds }) => embeds.length > 0, WAIT_MS)).embeds[0]?.footer?.text).toContain(five.slice(0, 8));
  });

  it('refuses at once and to the asker alone what cannot be meant', async () => {
    const press = await on.playground.slash({ command: 'compare', options: { vary: 'min_hold_bar=1,2' } });
    const reply = await press.waitForReply();

    expect(await press.firstAnswer()).toMatchObject({ kind: 'message', ephemeral: true });
    expect(reply.content).toContain('the nearest is min_hold_bars');
  });

  it('tells why a comparison was refused that only its worker could judge', async () => {
    await on.playground.slash({
      command: 'compare',
      options: { leverage: '1,2', start: '2019-06-01', end: '2019-06-03', timeframe: '1h' },
    });
    const message = await on.playground.channel().waitForMessage(({ content }) => content.includes('Comparison refused'), WAIT_MS);

    expect(message.content).toContain('2020-01-01');
  });

  it('waits its turn, goes on in the same reply after a restart of the bot, and is cancelled there', async () => {
    await stopWorker();
    const ask = () => on.playground.slash({ command: 'compare', options: { vary: 'min_hold_bars=0,4', preset: 'scalper-5m' } });
    const first = await ask();
    await first.waitForReply(({ content }) => content.includes('Queued: next'), WAIT_MS);
    const second = await ask();
    const { id: messageId } = await second.waitForReply(({ content }) => content.includes('Queued: 1 before it'), WAIT_MS);

    await on.stopBot();
    await on.startBot();
    await on.playground.press({ messageId, button: 'Cancel comparison' });
    const reply = await second.waitForReply(({ content }) => content.includes('Cancelled'), WAIT_MS);

    expect(reply.content).toContain('**Comparison** of min_hold_bars=0, min_hold_bars=4');
    const { rows } = await on.desk.pool.query(`select state from comparison_runs order by created_at desc limit 2`);
    expect(rows).toEqual([{ state: 'cancelled' }, { state: 'queued' }]);
    worker = await startWorker(on.desk);
    const done = await first.waitForReply(({ content }) => content.includes('Done'), WAIT_MS);
    expect(done.content, 'the bot that was started again knows what it shows').toContain('**Comparison** of min_hold_bars=0');
    expect(on.errors).toEqual([]);
  });
});
