import { cleanText } from '../../lib/text.ts';
import type { Message } from './message.ts';

/** Long enough for a sentence with names, too short to fill a screen. */
const maxTextLength = 600;

/**
 * The message with each text as one line without control, bidi or invisible characters: names come
 * from archives and DNS, and the text of a mail has no other protection.
 */
export function cleanMessage(message: Message): Message {
  return cleanValue(message) as Message;
}

function cleanValue(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value, maxTextLength) ?? '';
  if (Array.isArray(value)) return value.map(cleanValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, cleanValue(field)]),
  );
}
