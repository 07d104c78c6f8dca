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
  const addresses = [discordApiUrl, quickchartUrl, exchangeBaseUrl, openaiBaseUrl].filter((url) => url !== null && holdsLogin(url));
  return [discordToken, databaseUrl, redisUrl, openaiApiKey, ...addresses].filter((secret) => secret !== null);
}

function holdsLogin(url: string): boolean {
  const { username, password, search } = new URL(url);
  return username !== '' || password !== '' || search !== '';
}
