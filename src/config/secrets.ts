import type { Config } from './config.ts';

/** The values of a configuration that no log, message or error may show. */
export function secretsOf({
  discordToken,
  databaseUrl,
  redisUrl,
  discordApiUrl,
  quickchartUrl,
  exchangeBaseUrl,
  openaiApiKey,
  openaiBaseUrl,
}: Config): readonly string[] {
  const addresses = [discordApiUrl, quickchartUrl, exchangeBaseUrl, openaiBaseUrl].filter((url) => url !== null && mayHoldKey(url));
  return [discordToken, databaseUrl, redisUrl, openaiApiKey, ...addresses].filter((secret) => secret !== null);
}

/** A user and a password are refused before. */
function mayHoldKey(url: string): boolean {
  return new URL(url).search !== '';
}
