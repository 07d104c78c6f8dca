import { escapeMarkdown } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { escapeText } from '../../src/render/escape-text.ts';

describe('escapeText', () => {
  it.each([
    ['max_position_risk_pct=4 min_hold_bars=1', 'max_position_risk_pct=4 min_hold_bars=1'],
    ['There is no preset "a-b"; (all: x, y)', 'There is no preset "a-b"; (all: x, y)'],
    ['_sly_ and __bold__', '\\_sly\\_ and \\_\\_bold\\_\\_'],
    ['**x** ~~y~~ `z` ||w||', '\\*\\*x\\*\\* \\~\\~y\\~\\~ \\`z\\` \\|\\|w\\|\\|'],
    ['<@123> <t:1:R> @everyone', '\\<@123> \\<t:1:R> @everyone'],
    ['[here](https://evil.example)', '\\[here\\](https://evil.example)'],
    ['# big\n> quote\n- item\n1. one', '\\# big\n\\> quote\n\\- item\n1\\. one'],
    ['back\\slash', 'back\\\\slash'],
  ])('shows %j as written', (text, escaped) => {
    expect(escapeText(text)).toBe(escaped);
  });

  it('leaves nothing that the library would call markup', () => {
    const text = '*a* ~~b~~ `c` ||d|| **e** [f](g)';

    expect(escapeText(text)).not.toBe(text);
    expect(escapeMarkdown(escapeText(text), { maskedLink: true }).replaceAll('\\', ''), 'only backslashes are added').toBe(text);
  });
});
