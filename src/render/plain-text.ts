import type { Message } from './message.ts';

/** A message for the terminal: the same words without Discord's markup, times in UTC. */
export function plainText({ content, embeds, files }: Message): string {
  const parts = [
    content,
    ...embeds.flatMap(({ title, description, fields, footer }) => [
      title ?? '',
      description ?? '',
      ...(fields ?? []).map(({ name, value }) => `${name}\n${indent(value)}`),
      footer?.text ?? '',
    ]),
    ...files.map(({ name, description }) => `[${name}: ${description}]`),
  ];
  return parts
    .filter((part) => part !== '')
    .map(withoutMarkup)
    .join('\n\n');
}

function withoutMarkup(text: string): string {
  return text
    .replaceAll(
      /<t:(\d+)(?::\w)?>/g,
      (_, seconds: string) => `${new Date(Number(seconds) * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    )
    .replaceAll(/<@(\d+)> ?/g, '')
    .replaceAll(/```\n?|\*\*|`/g, '')
    .replaceAll(/^(\s*)-# /gm, '$1')
    .trim();
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
