/** Characters that need no treatment: printable ASCII. Nearly every name is made of them. */
const plainAscii = /^[\x20-\x7e]*$/;
/** C0, C1, line and paragraph separators: they end or break a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be found
const lineBreaking = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
/** Zero-width characters and the bidi marks, embeddings, overrides and isolates: they make a text look like another. */
const invisible = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Text from outside made fit to be stored and shown: one line, no control, zero-width or bidi characters, no lone
 * surrogates, blanks collapsed and trimmed, at most `max` UTF-16 units (then ending in `…`).
 * null for what is not a string or leaves nothing. Does not escape for HTML: whoever prints it does.
 */
export function cleanText(value: unknown, max = 255): string | null {
  if (typeof value !== 'string') return null;
  // What lies far behind the cut is not worth looking at.
  const start = value.length > 8 * max ? value.slice(0, 8 * max) : value;
  const safe = plainAscii.test(start)
    ? start
    : start.toWellFormed().replace(invisible, '').replace(lineBreaking, ' ');
  const line = safe.replace(/ {2,}/g, ' ').trim();
  if (line === '') return null;
  return line.length > max ? `${line.slice(0, max - 1).toWellFormed()}…` : line;
}

/** The same text with the user names and passwords of the URLs in it left out: `https://…@host`. */
export function redactPasswords(text: string): string {
  return text.replace(/:\/\/[^\s/?#"]*@/g, '://…@');
}

/** What a person would read of an HTML page, cleaned and cut to `max`: for quoting an unexpected answer. */
export function htmlToText(html: string, max: number): string | null {
  const text = html
    .slice(0, 8000)
    .replace(/<(script|style)\b[^>]*>[\s\S]*?(<\/\1\s*>|$)/gi, ' ')
    .replace(/<[^>]*(>|$)/g, ' ');
  return cleanText(text, max);
}
