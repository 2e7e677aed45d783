/** Epoch seconds → `2026-11-20T12:40:00Z`. */
export function isoTime(epoch: number): string {
  return `${new Date(Math.floor(epoch) * 1000).toISOString().slice(0, 19)}Z`;
}

/** Epoch seconds → `2026-11-20 12:40 UTC`. */
export function utcTime(epoch: number): string {
  const iso = isoTime(epoch);
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** Two moments in one phrase, the day of the second only where it is another one: `2026-11-20 12:40 to 13:00 UTC`. */
export function utcSpan(from: number, to: number): string {
  const [first, second] = [utcTime(from), utcTime(to)];
  const isSameDay = first.slice(0, 10) === second.slice(0, 10);
  return `${first.slice(0, 16)} to ${isSameDay ? second.slice(11) : second}`;
}

/** Milliseconds with about three digits: `0.42 ms`, `3.4 ms`, `148 ms`. */
export function ms(value: number): string {
  return `${msDigits(value)} ms`;
}

/** A difference in ms with its sign: `+18 ms`, `−0.4 ms`, `±0 ms`. */
export function signedMs(value: number): string {
  if (Math.abs(value) < 0.05) return '±0 ms';
  return `${value < 0 ? '−' : '+'}${ms(Math.abs(value))}`;
}

/** Milliseconds without the unit, with the digits of `ms`. */
export function msDigits(value: number): string {
  const size = Math.abs(value);
  const decimals = size < 0.995 ? 2 : size < 99.95 ? 1 : 0;
  return value.toFixed(decimals).replace('-', '−');
}

/** Percent, 0 to 100: `0%`, `<0.1%`, `1.3%`, `13%`, `98.7%`; 100% only when it is. */
export function percent(value: number): string {
  if (value === 0 || value === 100) return `${value}%`;
  if (value < 0.1) return '<0.1%';
  if (value > 99.9) return '>99.9%';
  return `${value.toFixed(value < 9.95 || value > 90 ? 1 : 0)}%`;
}

/** A text with its first letter large. */
export function sentenceCase(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** `1 test`, `27 tests`. */
export function pluralize(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
