/**
 * HTML made by `html` or a template. Templates and `html` print it as is and escape everything
 * else. It works in browsers too, so it knows nothing of the template engine.
 */
export class Markup {
  readonly val: string;

  constructor(val: string) {
    this.val = val;
  }

  toString(): string {
    return this.val;
  }
}

const specialCharacters = /[&"'<>\\]/;
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '"': '&quot;',
  "'": '&#39;',
  '<': '&lt;',
  '>': '&gt;',
  '\\': '&#92;',
};

/** Escapes text for an element or a quoted attribute, like the templates. */
function escapeText(text: string): string {
  return specialCharacters.test(text)
    ? text.replaceAll(/[&"'<>\\]/g, (character) => entities[character] as string)
    : text;
}

/**
 * HTML of a template literal: escapes text, prints markup as is, and joins lists of markup. It is
 * for rows of long tables and for drawings: a tenth of the time of the same loop in a template.
 */
export function html(
  literals: TemplateStringsArray,
  ...values: readonly (string | number | Markup | readonly Markup[])[]
): Markup {
  let text = literals[0] as string;
  for (let i = 0; i < values.length; i++) text += renderValue(values[i]) + literals[i + 1];
  return new Markup(text);
}

function renderValue(value: string | number | Markup | readonly Markup[] | undefined): string {
  if (typeof value === 'string') return escapeText(value);
  if (!Array.isArray(value)) return `${value}`;
  let text = '';
  for (const item of value as readonly Markup[]) text += item.toString();
  return text;
}

/** Empty markup. */
export const nothing = html``;
