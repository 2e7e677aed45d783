import type { DeviceTable } from './devices.ts';

/** The places in the names of some devices, each once. */
export function placesOf(devices: Iterable<number>, table: DeviceTable): string[] {
  const places = new Set<string>();
  for (const device of devices) {
    const place = table.list[device]?.place ?? null;
    if (place !== null) places.add(place);
  }
  return [...places];
}

/**
 * Whether two places are one: a word of one is a word of the other or begins with it (`fra` and
 * `frankfurt`).
 */
export function isSamePlace(a: string, b: string): boolean {
  if (a === b) return true;
  const words = b.split('.');
  return a
    .split('.')
    .some((word) => words.some((other) => word.startsWith(other) || other.startsWith(word)));
}
