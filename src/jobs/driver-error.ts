/**
 * Takes the command off an error of ioredis before anybody logs it: that of a refused login holds the password. Its
 * causes are looked through too.
 */
export function withoutCommand(error: unknown): unknown {
  for (let link = error; link instanceof Error; link = link.cause) {
    if ('command' in link) Reflect.deleteProperty(link, 'command');
  }
  return error;
}
