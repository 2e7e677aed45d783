import type { TimeText } from './format.ts';
import { html, type Markup } from './html.ts';

/** A moment as an element, which scripts can turn into the reader's own zone. */
export function timeMarkup({ iso, text }: TimeText): Markup {
  return html`<time datetime="${iso}">${text}</time>`;
}
