/** The text, cut to `max` UTF-16 units with `…` as the last one if it is longer. */
export function truncate(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max - 1).toWellFormed()}…` : text;
}
