import { describe, expect, it } from 'vitest';
import { listStrategiesInTerminal, replanInTerminal, showStrategyInTerminal } from '../../src/cli/strategy.ts';
import { withDatabase } from '../support/database.ts';
import { printedOn } from './printed.ts';

describe('the strategist in the terminal', () => {
  const database = withDatabase();

  type Ports = Parameters<typeof replanInTerminal>[1];

  const about = { exchange: 'coinbase', strategyIds: ['aggressive_active'], nowMs: () => Date.UTC(2025, 9, 10, 21) };
  const printed = (work: (ports: Ports) => Promise<void>) => printedOn(database.databaseUrl, (ports) => work({ ...ports, ...about }));

  it('plans on the latest bars, and nothing trades by it', async () => {
    const text = await printed((ports) => replanInTerminal({ symbols: ['BTC-USD', 'ETH-USD'], timeframe: '15m' }, ports));

    expect(text).toContain('Nothing trades by it');
    expect(text).toContain('Plan from now on · BTC-USD +1 15m');
    expect(text).toContain('planner: rule-based (no OPENAI_API_KEY)');
    await expect(printed((ports) => replanInTerminal({ strategist: 'conservativ' }, ports))).rejects.toThrow('conservative');
  });

  it('names what can be traded by, and shows each as its text', async () => {
    expect(await printed((ports) => listStrategiesInTerminal({}, ports))).toContain('conservative');
    expect(await printed((ports) => showStrategyInTerminal('prompt:conservative', ports))).toContain('Patient trading');
  });
});
