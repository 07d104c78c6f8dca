import { openEmbeddedServer } from '../../src/store/embedded-server.ts';

/**
 * A program that uses the embedded server: says the address when it is there, and closes it when stdin ends.
 * Told to abandon it, it closes nothing and ends when nothing keeps it alive.
 */
const [dataDir, ending] = process.argv.slice(2);
const server = await openEmbeddedServer({ dataDir: dataDir === '' ? null : (dataDir ?? null) });
process.stdout.write(`${server.databaseUrl}\n`);

if (ending !== 'abandon') {
  for await (const _ of process.stdin);
  await server.close();
}
