import { runHashes } from './run-hashes.ts';

for (const line of runHashes(Number(process.argv[2]))) process.stdout.write(`${line}\n`);
