import { cleanText } from '../../lib/text.ts';

const maxNoteLength = 300;

/** A note of an operator, cleaned and limited for pages and messages; null for none. */
export function cleanNote(text: string | null): string | null {
  return cleanText(text, maxNoteLength);
}
