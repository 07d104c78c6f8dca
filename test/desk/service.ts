import { parseConfig } from '../../src/config/config.ts';
import { serve } from '../../src/desk/serve.ts';

/** `scalpdesk start --only worker` with a drain of its own length: node service.ts DRAIN_MS. */
const { stderr } = process;
process.exitCode = await serve({ config: parseConfig(process.env), only: 'worker', stderr, drainMs: Number(process.argv[2]) });
