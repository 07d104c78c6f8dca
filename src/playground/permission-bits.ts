export const PERMISSIONS = {
  administrator: 1n << 3n,
  manageGuild: 1n << 5n,
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  manageMessages: 1n << 13n,
  embedLinks: 1n << 14n,
  attachFiles: 1n << 15n,
  readHistory: 1n << 16n,
  mentionEveryone: 1n << 17n,
  useCommands: 1n << 31n,
} as const;

/** What @everyone may do on a new server. */
export const ORDINARY_PERMISSIONS =
  PERMISSIONS.viewChannel |
  PERMISSIONS.sendMessages |
  PERMISSIONS.embedLinks |
  PERMISSIONS.attachFiles |
  PERMISSIONS.readHistory |
  PERMISSIONS.mentionEveryone |
  PERMISSIONS.useCommands;

export function holds(permissions: bigint, wanted: bigint): boolean {
  return (permissions & wanted) === wanted;
}
