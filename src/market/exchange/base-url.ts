export type UrlTree = { readonly [name: string]: string | UrlTree };

/**
 * The same addresses on another server: only scheme and host change, since the path tells the exchange's interfaces apart. Any depth,
 * for some exchanges have one address and others thirty.
 */
export function moveUrls(urls: UrlTree, baseUrl: string): UrlTree {
  const move = (url: string) => url.replace(/^(https?|wss?):\/\/[^/]+/, (_, scheme: string) => originFor(scheme, baseUrl));
  return Object.fromEntries(
    Object.entries(urls).map(([name, value]) => [name, typeof value === 'string' ? move(value) : moveUrls(value, baseUrl)]),
  );
}

function originFor(scheme: string, baseUrl: string): string {
  const base = baseUrl.replace(/\/+$/, '');
  return scheme.startsWith('ws') ? base.replace(/^http/, 'ws') : base;
}
