import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askOf } from '../../src/cli/backtest-ask.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prompts-'));
});
afterAll(() => rm(folder, { recursive: true }));

const prompted = async (bytes: Uint8Array) => {
  const llmPrompt = join(folder, 'prompt.txt');
  await writeFile(llmPrompt, bytes);
  return (await askOf({ llmPrompt })).strategist?.prompt;
};

it('reads a prompt that is text in UTF-8', async () => {
  expect(await prompted(Buffer.from('\ufeffKäufe früh 🤖\n'))).toBe('Käufe früh 🤖\n');
});

it.each([
  ['bytes that are no characters', Buffer.from([0x42, 0xff, 0xfe, 0x80])],
  ['half a character', Buffer.from('🤖').subarray(0, 2)],
])('refuses a prompt of %s, and says how to save it', async (_, bytes) => {
  await expect(prompted(bytes)).rejects.toThrow(/^The prompt .*prompt\.txt is no text in UTF-8; save it as UTF-8 and give it again$/);
});
