import type { DeskPorts } from '../commands/ports.ts';
import { rememberAcknowledgements } from '../desk/acknowledgements.ts';
import { openSettingChanges } from '../desk/change-settings.ts';
import { openChartService } from '../desk/chart-service.ts';
import { deskPorts } from '../desk/desk-ports.ts';
import { openImports } from '../desk/import-attachments.ts';
import { rememberSymbols } from '../desk/known-symbols.ts';
import type { Desk } from '../desk/open-desk.ts';
import { openPlanningNow } from '../desk/plan-now.ts';
import { readGuildView } from '../desk/read-guild-view.ts';
import { openRunAgain } from '../desk/run-again.ts';
import { LOCAL_GUILD } from '../engine/run-spec.ts';
import type { Message } from '../render/message.ts';
import { plainText } from '../render/plain-text.ts';
import type { Terminal } from './terminal.ts';
import { terminalWords } from './terminal-words.ts';

export type OpenDesk = () => Promise<Desk>;

/** Does something on the desk as the guild of the terminal, and closes it whatever comes of it. */
export async function onDesk(openDesk: OpenDesk, work: (ports: DeskPorts) => Promise<void>): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const desk = await openDesk();
  opened.defer(desk.close);
  const charts = await openChartService(desk.config);
  opened.defer(charts.close);
  const again = openRunAgain(desk);
  opened.defer(again.close);
  const planningNow = openPlanningNow(desk);
  opened.defer(planningNow.close);
  const refresh = (guildId: string) => readGuildView(desk.pool, guildId);
  const around = {
    chartUrl: charts.url,
    symbols: rememberSymbols(desk.pool, Date.now),
    imports: openImports(desk),
    acknowledged: rememberAcknowledgements().read,
    guilds: { refresh, change: openSettingChanges({ pool: desk.pool, onChanged: refresh, reportError: desk.reportError }) },
    again,
    planningNow,
  };
  await work(deskPorts(desk, around, { guildId: LOCAL_GUILD, channelId: null, userId: null, reply: null }));
}

/** A message as the terminal shows it, naming commands as they are typed here. */
export function print({ stdout }: Terminal, message: Message): void {
  stdout.write(`${terminalWords(plainText(message))}\n`);
}

export function printJson({ stdout }: Terminal, value: unknown): void {
  stdout.write(`${JSON.stringify(value)}\n`);
}
