import type { Endpoint, Test } from './test.ts';

/** The two ends of a test. */
export type TestEnds = Pick<Test, 'source' | 'destination'>;

/** `Site A → Site B`: the ends by their configured display names, else by host name or address. */
export function pairText({ source, destination }: TestEnds): string {
  return `${endpointText(source)} → ${endpointText(destination)}`;
}

/** `host-a → host-b (IPv6, tracepath)`. */
export function testText(test: Test): string {
  return `${pairText(test)} (IPv${test.family}, ${test.tool})`;
}

/**
 * Host names and addresses that `pairText` leaves out: `host-a (192.0.2.1) → 192.0.2.2`; '' if it
 * leaves out nothing.
 */
export function hostsText({ source, destination }: TestEnds): string {
  const [from, to] = [hostText(source), hostText(destination)];
  return from === endpointText(source) && to === endpointText(destination) ? '' : `${from} → ${to}`;
}

/** Whether at least one end has a configured display name. */
export function isRenamed({ source, destination }: TestEnds): boolean {
  return (source.displayName ?? destination.displayName) !== undefined;
}

/** The configured display name of an end, else its host name, else its address. */
export function endpointText({ displayName, name, address }: Endpoint): string {
  return displayName ?? (name || (address ?? 'unknown'));
}

function hostText({ displayName, name, address }: Endpoint): string {
  if (address === null) return name || 'unknown';
  return displayName === undefined || name === address ? address : `${name} (${address})`;
}
