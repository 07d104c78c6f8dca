import type { JsonObject } from './json.ts';
import { PALETTE } from './palette.ts';

const TITLE_LINE_CHARS = 50;
const SUBTITLE_LINE_CHARS = 80;

type Titles = {
  /** The answer first. */
  readonly title: string;
  readonly subtitle: readonly string[];
  /** Whether the subtitle says something that must not be overlooked. */
  readonly isWarning: boolean;
  readonly legend: JsonObject;
};

/** The `plugins` of a chart: what it says, above it. */
export function chartTitles({ title, subtitle, isWarning, legend }: Titles): JsonObject {
  return {
    legend,
    tooltip: { enabled: false },
    title: {
      display: true,
      align: 'start',
      text: wrapWords(title.split(' '), ' ', TITLE_LINE_CHARS),
      color: PALETTE.text,
      font: { size: 40, weight: 700 },
      padding: { top: 0, bottom: 6 },
    },
    subtitle: {
      display: true,
      align: 'start',
      text: wrapWords(subtitle, ' · ', SUBTITLE_LINE_CHARS),
      color: isWarning ? PALETTE.warning : PALETTE.mutedText,
      font: { size: 27, weight: 500 },
      padding: { top: 0, bottom: 12 },
    },
  };
}

/** Chart.js does not wrap titles: lines of at most so many characters, never cutting a word. */
function wrapWords(words: readonly string[], separator: string, lineChars: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const line = lines.at(-1);
    if (line === undefined || line.length + separator.length + word.length > lineChars) lines.push(word);
    else lines[lines.length - 1] = line + separator + word;
  }
  return lines;
}
