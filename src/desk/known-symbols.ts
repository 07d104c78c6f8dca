import { listKeptSymbols } from '../store/kept-series.ts';
import type { Pool } from '../store/pool.ts';

export type SymbolMemory = {
  readonly of: (guildId: string) => Promise<readonly string[]>;
  /** The guild has others now. */
  readonly forget: (guildId: string) => void;
};

const REMEMBERED_MS = 15_000;
const MOST_GUILDS = 1_000;

/** The symbols of which a guild has bars. People type letter by letter, so an answer is good for a few seconds. */
export function rememberSymbols(pool: Pool, nowMs: () => number): SymbolMemory {
  const byGuild = new Map<string, { readonly atMs: number; readonly symbols: Promise<readonly string[]> }>();
  return {
    of: (guildId) => {
      const remembered = byGuild.get(guildId);
      if (remembered !== undefined && nowMs() - remembered.atMs < REMEMBERED_MS) return remembered.symbols;
      if (byGuild.size >= MOST_GUILDS) byGuild.clear();
      const symbols = listKeptSymbols(pool, guildId);
      byGuild.set(guildId, { atMs: nowMs(), symbols });
      symbols.catch(() => byGuild.delete(guildId));
      return symbols;
    },
    forget: (guildId) => void byGuild.delete(guildId),
  };
}
