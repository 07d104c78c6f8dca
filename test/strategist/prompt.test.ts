import { describe, expect, it } from 'vitest';
import { COLUMN_NAMES, INDICATOR_NAMES } from '../../src/engine/indicators/indicator-names.ts';
import { Refusal } from '../../src/engine/refusal.ts';
import { parseRule } from '../../src/engine/rules/parse-rule.ts';
import { loadPrompt, ownPrompt, PROMPT_IDS } from '../../src/strategist/prompt.ts';

const examples = (text: string, mark: string) =>
  [...text.matchAll(new RegExp(`^${mark}: \`([^\`]+)\``, 'gm'))].map(([, rule = '']) => rule);

describe('prompts', () => {
  it('come in three styles over the same rules of the desk', () => {
    expect(PROMPT_IDS).toEqual(['aggressive_active', 'conservative', 'mean_reversion']);
    const texts = PROMPT_IDS.map((id) => loadPrompt(id).text);
    expect(new Set(texts.map((text) => text.slice(0, 5_000))).size).toBe(1);
    expect(new Set(PROMPT_IDS.map((id) => loadPrompt(id).hash)).size).toBe(3);
  });

  it.each(PROMPT_IDS)('%s teaches every indicator and leaves no gap', (id) => {
    const { text, hash } = loadPrompt(id);

    for (const name of INDICATOR_NAMES) expect(text).toContain(`- \`${name}\`: `);
    expect(text).not.toMatch(/\{\{|\}\}|undefined/);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(loadPrompt(id).hash).toBe(hash);
  });

  it('show rules that are right and one that is wrong, as the engine sees it', () => {
    const { text } = loadPrompt('aggressive_active');

    expect(examples(text, 'Right').length).toBeGreaterThan(1);
    for (const rule of examples(text, 'Right')) expect(() => parseRule(rule), rule).not.toThrow();
    expect(examples(text, 'Wrong').length).toBe(1);
    for (const rule of examples(text, 'Wrong')) expect(() => parseRule(rule), rule).toThrow(Refusal);
  });

  it.each(PROMPT_IDS)('%s names only columns that exist', (id) => {
    const names = [...loadPrompt(id).text.matchAll(/`([a-z]+(?:_[a-z]+)+)(?:@\w+)?(?:\[\d+\])?(?= [<>]| crosses)/g)].map(
      ([, name]) => name,
    );

    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(COLUMN_NAMES).toContain(name);
  });

  it('of one’s own stand behind the same rules', () => {
    const own = ownPrompt('  Trade only the open.\n');

    expect(own.id).toBe('own');
    expect(own.text.endsWith('# The style that is wanted\n\nTrade only the open.\n')).toBe(true);
    expect(own.hash).not.toBe(ownPrompt('Trade only the close.').hash);
  });

  it('are refused when they are empty, too long or unknown', () => {
    expect(() => ownPrompt(' \n')).toThrow(/The prompt is empty/);
    expect(() => ownPrompt('x'.repeat(8_001))).toThrow(/8001 characters; write at most 8000/);
    expect(() => loadPrompt('agressive')).toThrow(/nearest is aggressive_active/);
    expect(() => loadPrompt('toString')).toThrow(Refusal);
  });
});
