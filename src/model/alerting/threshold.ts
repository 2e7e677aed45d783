/** Values that raise an alert, in the notation of the Monitoring Plugins guidelines. */
export interface Threshold {
  /** As written, for performance data. */
  readonly text: string;
  /** Whether a value raises the alert. */
  isRaisedBy(value: number): boolean;
}

const pattern = /^(@)?(?:(~|-?\d+(?:\.\d+)?)?(:))?(-?\d+(?:\.\d+)?)?$/;

/**
 * Parses `10` (alert below 0 or above 10), `10:` (below 10), `~:10` (above 10), `10:20` (outside)
 * and `@10:20` (inside). null for any other text.
 */
export function parseThreshold(text: string): Threshold | null {
  const [match, at, start, colon, end] = pattern.exec(text) ?? [];
  if (match === undefined || (start === undefined && end === undefined)) return null;
  const isLowerOnly = colon !== undefined && end === undefined;
  const from = start === '~' ? Number.NEGATIVE_INFINITY : Number(start ?? 0);
  const to = isLowerOnly ? Number.POSITIVE_INFINITY : Number(end);
  if (from > to) return null;
  const isWithin = (value: number) => from <= value && value <= to;
  return { text, isRaisedBy: (value) => isWithin(value) === (at !== undefined) };
}
