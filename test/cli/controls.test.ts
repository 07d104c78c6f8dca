import { beforeAll, describe, expect, it } from 'vitest';
import { listReplansInTerminal, showTriggersInTerminal } from '../../src/cli/triggers.ts';
import { listWalkAwaysInTerminal, showWalkAwayInTerminal } from '../../src/cli/walkaway.ts';
import { LOCAL_GUILD } from '../../src/engine/run-spec.ts';
import { transact } from '../../src/store/transaction.ts';
import { changeGuildSettings } from '../support/change-guild-settings.ts';
import { withDatabase } from '../support/database.ts';
import { insertWatchedRun, resultOfWatchedRun } from '../support/watched-run.ts';
import { printedOn } from './printed.ts';

describe('walk-away and triggers in the terminal', () => {
  const database = withDatabase();

  beforeAll(async () => {
    await insertWatchedRun(database.pool);
    await insertWatchedRun(database.pool, { guildId: '111' });
    await transact(database.pool, (tx) =>
      changeGuildSettings(tx, { guildId: LOCAL_GUILD, userId: LOCAL_GUILD, wanted: new Map([['walk_away_loss_limit_pct', 7]]) }),
    );
  });

  type Ports = Parameters<typeof showWalkAwayInTerminal>[1];
  const printed = (work: (ports: Ports) => Promise<void>) => printedOn(database.databaseUrl, work);

  it('say what applies and who set it, in the words of the terminal', async () => {
    const walkAway = await printed((ports) => showWalkAwayInTerminal({}, ports));
    const triggers = await printed((ports) => showTriggersInTerminal({}, ports));

    expect(walkAway).toContain('Turn it on: scalpdesk settings set walk_away_enabled true');
    expect(walkAway).toMatch(/Loss limit +7 %\n/);
    expect(walkAway).toMatch(/Set by the terminal [\d-]+ [\d:]+ UTC: walk_away_loss_limit_pct\n/);
    expect(triggers).toContain('All of it: defaults.');
    for (const text of [walkAway, triggers]) expect(text, 'no markup of Discord is left').not.toMatch(/```|\*\*|<t:|-# /);
  });

  it('are one JSON object with what is set beside what applies', async () => {
    expect(JSON.parse(await printed((ports) => showWalkAwayInTerminal({ json: true }, ports)))).toEqual({
      settings: {
        walk_away_enabled: false,
        walk_away_profit_target_pct: 25,
        walk_away_loss_limit_pct: 7,
        walk_away_resume_next_session: true,
        walk_away_action: 'flatten',
      },
      set: ['walk_away_loss_limit_pct'],
    });
  });

  it('list what happened in its own backtests alone', async () => {
    const { summary, events } = resultOfWatchedRun();
    const drawdowns = events.filter(({ trigger_type }) => trigger_type === 'drawdown');
    const walkAways = await printed((ports) => listWalkAwaysInTerminal({}, ports));
    const replans = JSON.parse(await printed((ports) => listReplansInTerminal({ trigger: 'drawdown', json: true }, ports)));

    expect(walkAways).toContain(`Walk-aways ${summary.walk_away_events.length} `);
    expect(walkAways).toContain('stopped at −1.0 %; carrying on would have ended −4.0 %');
    expect(replans).toHaveLength(drawdowns.length);
    expect(replans.at(-1)).toMatchObject({ trigger: 'drawdown', details: drawdowns[0]?.trigger_details });
    expect(await printed((ports) => listReplansInTerminal({ page: '2' }, ports))).toContain(': closed at ');
  });

  it.each([
    ['a page that is none', () => listWalkAwaysInTerminal({ page: 'two' }, notOpened()), 'page is "two"'],
    ['a trigger there is not', () => listReplansInTerminal({ trigger: 'drawdwn' }, notOpened()), 'the nearest is drawdown'],
  ])('refuse %s before anything is opened', async (_, work, words) => {
    await expect(work()).rejects.toThrow(words);
  });
});

function notOpened() {
  const terminal = { write: () => true };
  return { openDesk: () => Promise.reject(new Error('This was not to be opened.')), terminal: { stdout: terminal, stderr: terminal } };
}
