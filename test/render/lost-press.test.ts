import { describe, expect, it } from 'vitest';
import { renderLostPress } from '../../src/render/lost-press.ts';

describe('renderLostPress', () => {
  it('quotes what was typed so that it can be given again, and lets nothing in it mean anything', () => {
    const { content, mentionedUserIds } = renderLostPress({ kind: 'command', asked: '/runs show id:```@everyone' }, null);

    expect(content).toBe(
      "Scalpdesk was restarted or cut off before it could answer this command. No run was started. Give it again:\n```\n/runs show id:'''@everyone\n```",
    );
    expect(mentionedUserIds).toEqual([]);
  });

  it('calls whoever waits when it stands alone', () => {
    const message = renderLostPress({ kind: 'button', asked: 'Cancel run' }, '42');

    expect(message.content.startsWith('<@42> Scalpdesk was restarted')).toBe(true);
    expect(message.mentionedUserIds).toEqual(['42']);
  });
});
