import { describe, expect, it } from 'vitest';
import { cleanTexts, cutText, tidy } from '../../src/strategist/model-words.ts';

describe('words of a model', () => {
  it('are cleaned wherever they stand, and nothing else is changed', () => {
    const said = { id: 'a\u0000b', list: ['x\n\t y', 1, null, { deep: '\ud83d🤖\u202e.' }], ok: true };

    expect(cleanTexts(said)).toEqual({ id: 'a b', list: ['x y', 1, null, { deep: '\ufffd🤖 .' }], ok: true });
  });

  it.each([
    ['an address', 'see HTTPS://evil.example/a?b=c#d now', 'see (link left out) now'],
    ['an address of another kind in brackets', '[x](discord://invite/1)', '[x]((link left out))'],
    ['an address in JSON', '{"a":"ftp://x","b":1}', '{"a":"(link left out)","b":1}'],
    ['a login', 'cannot reach //me:hunter2@models.example/v1', 'cannot reach //models.example/v1'],
    ['a rule', 'close / sma_long > 1.01 and rsi < 30', 'close / sma_long > 1.01 and rsi < 30'],
  ])('with %s are shown as %s', (_, said, shown) => expect(tidy(said)).toBe(shown));

  it('are cut between characters', () => {
    expect(cutText('ab🤖', 3)).toBe('ab…');
    expect(cutText('ab🤖', 4)).toBe('ab🤖');
  });

  it('are cleaned in time, however long and odd they are', () => {
    const startedMs = performance.now();
    for (const odd of ['a.', '//', '//a', 'a:/', 'a://']) cleanTexts(odd.repeat(300_000));

    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });
});
