import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./embedded-client.ts', import.meta.url));

export type Client = {
  readonly child: ChildProcess;
  /** The address it was given; rejects with what it wrote to stderr when it ends without one. */
  readonly databaseUrl: Promise<string>;
  readonly leave: () => Promise<void>;
  readonly kill: () => Promise<void>;
};

/** A process of its own that opens the embedded server in a directory. */
export function startClient(dataDir: string, { abandon = false, ...options }: SpawnOptions & { readonly abandon?: boolean } = {}): Client {
  const child = spawn(process.execPath, [SCRIPT, dataDir, ...(abandon ? ['abandon'] : [])], { ...options, stdio: 'pipe' });
  const ended = once(child, 'close');
  const databaseUrl = readAddress(child);
  databaseUrl.catch(() => undefined);

  const leave = async () => {
    child.stdin?.end();
    await ended;
    if (child.exitCode !== 0) throw new Error(`The client ended with ${child.exitCode}.`);
  };
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  return { child, databaseUrl, leave, kill };
}

async function readAddress(child: ChildProcess): Promise<string> {
  let output = '';
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => reject(new Error(errors)));
    child.stdout?.on('data', (chunk) => {
      output += chunk;
      if (output.endsWith('\n')) resolve(output.trim());
    });
  });
}
