import type { Endpoint, Test } from './test.ts';

/** The two ends of a test. */
export type EndpointPair = Pick<Test, 'source' | 'destination'>;

/** The configured display name of an end, else its host name, else its address. */
export function endpointDisplayName({ displayName, ...end }: Endpoint): string {
  return displayName ?? endpointHostName(end);
}

/** The host name of an end; its address if the archive knows no name. */
export function endpointHostName({ name, address }: Omit<Endpoint, 'displayName'>): string {
  return name === '' ? (address ?? 'unknown') : name;
}

/** `Site A → Site B`, by display names. */
export function pairText({ source, destination }: EndpointPair): string {
  return `${endpointDisplayName(source)} → ${endpointDisplayName(destination)}`;
}

/** `host-a → host-b (IPv6, tracepath)`. */
export function testText(test: Test): string {
  return `${pairText(test)} (IPv${test.family}, ${test.tool})`;
}

/** Whether at least one end has a configured display name. */
export function isRenamed({ source, destination }: EndpointPair): boolean {
  return (source.displayName ?? destination.displayName) !== undefined;
}

/**
 * The host names and addresses that `pairText` leaves out, `host-a (192.0.2.1) → 192.0.2.2`; '' if
 * it leaves out nothing.
 */
export function hostsText({ source, destination }: EndpointPair): string {
  const text = `${hostText(source)} → ${hostText(destination)}`;
  return text === pairText({ source, destination }) ? '' : text;
}

function hostText({ displayName, name, address }: Endpoint): string {
  if (address === null) return name || 'unknown';
  return displayName === undefined || name === address ? address : `${name} (${address})`;
}
