import type { Field, ModalView } from './modal-view.ts';
import { showMenu } from './transcript.ts';

/** As much as a phone shows beside each other. */
const WIDTH_COLUMNS = 30;
const INNER_COLUMNS = WIDTH_COLUMNS - 4;

/** A modal as text, the way a phone shows it: title, words, and each field with its caption and what stands in it. */
export function transcribeModal({ title, parts }: ModalView): string {
  const blocks = parts.map((part) => (part.kind === 'words' ? wrap(part.words) : showField(part)));
  const rule = '─'.repeat(WIDTH_COLUMNS - 2);
  const lines = [...wrap(title), ...blocks.flatMap((block) => ['', ...block]), '', '[Cancel] [Submit]'];
  return [`╭${rule}╮`, ...lines.map((line) => `│ ${pad(line, INNER_COLUMNS)} │`), `╰${rule}╯`].join('\n');
}

function showField(field: Field): readonly string[] {
  const caption = `${field.label}${field.required ? ' *' : ''}`;
  if (field.kind === 'tick') return [...wrap(`${mark(field.value, '☐☑')} ${caption}`), ...describe(field)];
  return [...wrap(caption), ...describe(field), ...(field.kind === 'text' ? showInput(field) : showChoices(field))];
}

function describe({ description }: Field): readonly string[] {
  return description === null ? [] : wrap(description);
}

/** A frame as high as the text; what only asks for text stands in brackets. */
function showInput({ value, placeholder }: Extract<Field, { readonly kind: 'text' }>): readonly string[] {
  const words = value !== '' ? value : placeholder === null ? '' : `(${placeholder})`;
  const rule = '─'.repeat(INNER_COLUMNS - 2);
  return [`┌${rule}┐`, ...wrap(words, INNER_COLUMNS - 4).map((line) => `│ ${pad(line, INNER_COLUMNS - 4)} │`), `└${rule}┘`];
}

function showChoices({ look, options, values, placeholder }: Extract<Field, { readonly kind: 'choice' }>): readonly string[] {
  if (look === 'select') {
    const chosen = options.map(({ label, value }) => ({ label, default: values.includes(value) }));
    return wrap(`[${showMenu(chosen, placeholder)}]`);
  }
  const marks = look === 'checkboxes' ? '☐☑' : '○●';
  return options.flatMap(({ label, value, description }) => [
    ...wrap(`${mark(values.includes(value), marks)} ${label}`),
    ...(description === null ? [] : wrap(`  ${description}`)),
  ]);
}

function mark(isOn: boolean, [off, on]: string): string {
  return (isOn ? on : off) ?? '';
}

/** Breaks at blanks, and inside a word only if it is longer than a line. */
function wrap(text: string, columns = INNER_COLUMNS): readonly string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const piece of paragraph.split(/(?<= )/).flatMap((word) => (columnsOf(word.trimEnd()) > columns ? [...word] : [word]))) {
      if (columnsOf((line + piece).trimEnd()) > columns) {
        lines.push(line.trimEnd());
        line = '';
      }
      line += piece;
    }
    return [...lines, line.trimEnd()];
  });
}

function pad(line: string, columns: number): string {
  return line + ' '.repeat(Math.max(0, columns - columnsOf(line)));
}

/** Emoji are two columns wide. */
function columnsOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (/\p{Emoji_Presentation}/u.test(character) ? 2 : 1), 0);
}
