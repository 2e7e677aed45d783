import type { Message } from '../../message/message.ts';
import { textParts } from '../../message/plainText.ts';

const omission = '... The pages have the rest.';

/**
 * The text of the mail without headline, links and footer, in whole parts: if it exceeds `max`
 * characters, the last parts are left out. `escapeText` is applied before counting.
 */
export function detailsText(
  message: Message,
  max: number,
  escapeText: (text: string) => string = (text) => text,
): string {
  const parts = textParts(message).map(escapeText);
  let text = '';
  for (const part of parts) {
    const longer = text === '' ? part : `${text}\n\n${part}`;
    if (longer.length > max) return cutAtLine(text === '' ? part : text, max);
    text = longer;
  }
  return text;
}

/** The first lines of a text, and a line that says that there is more. */
function cutAtLine(text: string, max: number): string {
  const end = `\n\n${omission}`;
  if (text.length + end.length <= max) return text + end;
  const start = text.slice(0, max - end.length);
  return start.slice(0, Math.max(0, start.lastIndexOf('\n'))) + end;
}
