import { writeFile } from 'node:fs/promises';
import { transcribeModal } from '../src/playground/modal-transcript.ts';
import type { ModalView } from '../src/playground/modal-view.ts';
import type { Playground } from '../src/playground/playground.ts';
import type { Press } from '../src/playground/press.ts';
import { transcribe } from '../src/playground/transcript.ts';
import { openBenchDatabase, startBenchDesk } from './desk-process.ts';

/** Writes docs/transcripts.md: what a group sees of settings and plans, taken from the real desk on the local Discord. */
const PAGE = new URL('../docs/transcripts.md', import.meta.url);

const PLANNED_MS = 30_000;

type Shown = { readonly title: string; readonly text: string };

await using opened = new AsyncDisposableStack();
const { databaseUrl } = await openBenchDatabase(opened);
const playground = await startBenchDesk(opened, databaseUrl);
const shown: readonly Shown[] = [...(await showPanel(playground)), ...(await showWords(playground)), ...(await showPlan(playground))];
const sections = shown.map(({ title, text }) => `## ${title}\n\n\`\`\`\n${text.replaceAll('```', "'''")}\n\`\`\`\n`);
await writeFile(
  PAGE,
  `# What a group sees\n\nWritten by \`node bench/transcripts.ts\` from the real desk on the local Discord, as a phone shows it: \`'''\` is a code block,\n\`-#\` small print, \`[…]\` a button, \`[▾ …]\` a select.\n\n${sections.join('\n')}`,
);

/** The panel, its form, what comes of it, and a value that is refused. */
async function showPanel(discord: Playground): Promise<readonly Shown[]> {
  const panel = await answered(await discord.slash({ command: 'settings panel', options: {} }));
  const opening = transcribe(discord.channel());
  const form = await openForm(discord, panel.id);
  const drawn = transcribeModal(form);
  const [first = ''] = form.fields.map(({ customId }) => customId);
  const changed = await discord.submitModal(form, { [first]: '4' });
  await changed.waitForReply(({ content, embeds }) => JSON.stringify([content, embeds]).includes('Changed'));
  const refusing = await openForm(discord, panel.id);
  const refused = await discord.submitModal(refusing, { [first]: '40' });
  await refused.waitForReply();
  await waitUntil(() => refused.followUps().length > 0);
  return [
    { title: 'The panel', text: opening },
    { title: 'A form', text: drawn },
    { title: 'The panel after a change, and a value that is refused', text: transcribe(discord.channel()) },
  ];
}

/** Commands one after another, in a channel of their own. */
async function showWords(discord: Playground): Promise<readonly Shown[]> {
  const channelId = discord.addChannel({ name: 'presets' });
  const give = async (command: string, options: Record<string, string | number | boolean>) =>
    answered(await discord.slash({ command, options, channelId }));
  await give('preset save', {
    name: 'night-shift',
    description: 'Small and slow, while nobody watches',
    set: 'max_position_risk_pct=1 max_trades_per_day=3',
  });
  await give('preset show', { name: 'scalper-5m' });
  await give('preset list', {});
  await give('walkaway set', { target: 25, loss: 8 });
  await give('triggers show', {});
  return [{ title: 'Presets, walk-away and triggers', text: transcribe(discord.channel(channelId)) }];
}

/** A run that is planned as it goes, and the second of its plans. */
async function showPlan(discord: Playground): Promise<readonly Shown[]> {
  const channelId = discord.addChannel({ name: 'plans' });
  const run = {
    preset: 'scalper-5m',
    strategist: 'rule-based',
    start: '2025-10-01',
    end: '2025-10-03',
    set: 'volatility_spike_enabled=true',
  };
  await discord.slash({ command: 'backtest', options: run, channelId });
  await discord.channel(channelId).waitForMessage(({ attachments }) => attachments.length > 0, PLANNED_MS);
  await answered(await discord.slash({ command: 'strategy plan', options: { at: '2' }, channelId }));
  return [{ title: 'A planned run, and one of its plans', text: transcribe(discord.channel(channelId)) }];
}

async function openForm(discord: Playground, messageId: string): Promise<ModalView> {
  const buttons = discord.channel().messages.find(({ id }) => id === messageId)?.components ?? [];
  const edit = JSON.stringify(buttons).match(/v1:settings-edit[\w:-]*/)?.[0];
  if (edit === undefined) throw new Error('The panel has no Edit button');
  return (await discord.press({ messageId, button: edit })).waitForModal();
}

async function answered(press: Press) {
  return press.waitForReply();
}

async function waitUntil(holds: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > deadlineMs) throw new Error('What was waited for did not come');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
