import { type Message, textMessage } from './message.ts';
import { codeBlock } from './table.ts';

type Example = { readonly does: string; readonly type: string };

/** What to type, short enough for a phone; only what there is. */
export function renderHelp(examples: readonly Example[]): Message {
  const lines = examples.flatMap(({ does, type }, index) => [...(index === 0 ? [] : ['']), does, ...wrap(type)]);
  return textMessage(`**What to type**\n${codeBlock(lines)}\nEvery option says its range. Errors say what to type instead.`);
}

const COLUMNS = 28;

/** Breaks at blanks; further lines are indented. */
function wrap(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length > COLUMNS && line !== '') {
      lines.push(line);
      line = `  ${word}`;
    } else line = longer;
  }
  return [...lines, line];
}
