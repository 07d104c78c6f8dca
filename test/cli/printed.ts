import { parseConfig } from '../../src/config/config.ts';
import { openDesk } from '../../src/desk/open-desk.ts';
import { NO_EXCHANGE } from '../support/no-exchange.ts';

type Ports = {
  readonly openDesk: () => ReturnType<typeof openDesk>;
  readonly terminal: { readonly stdout: Stream; readonly stderr: Stream };
};
type Stream = { readonly write: (chunk: string) => boolean };

/** What a command of the terminal prints on the desk of that database; whatever the desk reports is thrown. */
export async function printedOn(databaseUrl: string, work: (ports: Ports) => Promise<void>): Promise<string> {
  let text = '';
  const stream = {
    write: (chunk: string) => {
      text += chunk;
      return true;
    },
  };
  const open = () =>
    openDesk(parseConfig({ DATABASE_URL: databaseUrl, EXCHANGE_BASE_URL: NO_EXCHANGE }), (error) => {
      throw error;
    });
  await work({ openDesk: open, terminal: { stdout: stream, stderr: stream } });
  return text;
}
