/** `1 trace`, `5 traces`; hours, minutes and the like. */
export function pluralize(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `148 ms`, `3.4 ms`, `0.25 ms`: three figures. */
export function formatMs(value: number): string {
  const size = Math.abs(value);
  return `${value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2)} ms`;
}

/** A difference with its sign: `+17.0 ms`. */
export function formatMsDifference(value: number): string {
  return `${value < 0 ? '−' : '+'}${formatMs(Math.abs(value))}`;
}

/** A share of one as percent: `98 %`; never 0 % or 100 % unless it is. */
export function formatPercent(share: number): string {
  const rounded = Math.round(share * 100);
  if (rounded === 0 && share > 0) return 'less than 1 %';
  if (rounded === 100 && share < 1) return 'more than 99 %';
  return `${rounded} %`;
}

/** A span of seconds: `45 s`, `25 min`, `5.2 h`, `3.1 d`. */
export function formatDuration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${tenths(seconds / 3600)} h`;
  return `${tenths(seconds / 86_400)} d`;
}

function tenths(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** AS numbers in path order: `AS 64496 64500`, or `unknown`. */
export function formatAsPath(path: readonly number[]): string {
  return path.length === 0 ? 'unknown' : path.join(' ');
}
