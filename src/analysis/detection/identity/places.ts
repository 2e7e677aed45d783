import { routerDomain } from './deviceIdentity.ts';
import type { Device, DeviceTable } from './devices.ts';

/** A word in this share of an operator's places, of at least so many, names no place. */
const commonShare = 0.8;
const minPlaces = 3;

/**
 * The places in the names of some devices, each once. Words that nearly all devices of an operator
 * have are left out: they name its network (`fra.ntwk`, `par.ntwk`).
 */
export function placesOf(devices: Iterable<number>, table: DeviceTable): string[] {
  let common: ReadonlySet<string> | null = null;
  const places = new Set<string>();
  for (const id of devices) {
    const device = table.list[id];
    if (!device?.place) continue;
    common ??= commonWords(table);
    const words = device.place.split('.').filter((word) => !common?.has(wordKey(device, word)));
    if (words.length > 0) places.add(words.join('.'));
  }
  return [...places];
}

function commonWords({ list }: DeviceTable): Set<string> {
  const named = list.filter((device) => device?.place && device.router) as Device[];
  const byOperator = Map.groupBy(named, ({ router }) => routerDomain(router ?? ''));
  const common = new Set<string>();
  for (const devices of byOperator.values()) {
    const places = [...new Map(devices.map((device) => [device.place, device])).values()];
    if (places.length < minPlaces) continue;
    const counts = new Map<string, number>();
    for (const device of places)
      for (const word of new Set(device.place?.split('.')))
        counts.set(wordKey(device, word), (counts.get(wordKey(device, word)) ?? 0) + 1);
    for (const [key, count] of counts) if (count >= commonShare * places.length) common.add(key);
  }
  return common;
}

function wordKey({ router }: Device, word: string): string {
  return `${word} ${routerDomain(router ?? '')}`;
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
