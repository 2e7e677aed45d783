import { cleanText } from '../lib/text.ts';
import type { Message } from './message.ts';

/** Long enough for a sentence with names in it, too short to fill a screen. */
const longestText = 600;

/**
 * The message with every text made one line without control, bidi or invisible characters: names come from archives and DNS,
 * and the text of a mail has no other protection.
 */
export function cleanMessage(message: Message): Message {
  return cleaned(message) as Message;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value, longestText) ?? '';
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, cleaned(field)]));
}
