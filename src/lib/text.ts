import { truncate } from './truncate.ts';

/** Printable ASCII needs no cleaning. Nearly every name consists of it. */
const plainAscii = /^[\x20-\x7e]*$/;
/** C0, C1, line and paragraph separators, which break lines. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be found
const lineBreaking = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
/**
 * Zero-width characters and bidi marks, embeddings, overrides and isolates, which disguise text.
 */
const invisible = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Cleans external text for storage and display: one line without control, zero-width or bidi
 * characters and lone surrogates, blanks collapsed and trimmed, at most `max` UTF-16 units (then
 * ending in `…`). null if the value is not a string or nothing remains. HTML escaping is up to the
 * output.
 */
export function cleanText(value: unknown, max = 255): string | null {
  if (typeof value !== 'string') return null;
  // The text far after the limit is irrelevant.
  const start = value.length > 8 * max ? value.slice(0, 8 * max) : value;
  const safe = plainAscii.test(start)
    ? start
    : start.toWellFormed().replace(invisible, '').replace(lineBreaking, ' ');
  const line = safe.replace(/ {2,}/g, ' ').trim();
  if (line === '') return null;
  const result = truncate(line, max);
  return result.length === value.length ? result : detached(result);
}

/** A copy: V8 cuts a text by reference, so a short part would retain all of a long one. */
function detached(text: string): string {
  return text.length < minSlicedLength ? text : Buffer.from(text, 'utf16le').toString('utf16le');
}

/** V8 copies shorter parts. */
const minSlicedLength = 13;

/** Removes user names and passwords from the URLs in a text: `https://…@host`. */
export function redactPasswords(text: string): string {
  return text.replace(/:\/\/[^\s/?#"]*@/g, '://…@');
}

/**
 * The readable text of an HTML page, cleaned and limited to `max`, to quote an unexpected response.
 */
export function htmlToText(html: string, max: number): string | null {
  const text = html
    .slice(0, 8000)
    .replace(/<(script|style)\b[^>]*>[\s\S]*?(<\/\1\s*>|$)/gi, ' ')
    .replace(/<[^>]*(>|$)/g, ' ');
  return cleanText(text, max);
}
