import { canonicalAddress } from '../../lib/ip.ts';
import { cleanText } from '../../lib/text.ts';
import type { Endpoint, Family } from '../../model/test/test.ts';
import { familyOf } from '../../model/trace/addressKinds.ts';
import { numberOf } from '../probeValues.ts';
import { createTestId } from '../testId.ts';
import type { TestDescription } from '../types.ts';

/** Parameters that distinguish tests of one pair. */
const parameterNames = [
  'ip-packet-size',
  'ip-transport-protocol',
  'ip-fragment',
  'ip-tos',
  'trace-algorithm',
  'trace-first-ttl',
  'trace-max-ttl',
  'trace-num-queries',
  'time-probe-interval',
  'time-test-timeout',
] as const;

type TestMetadata = Readonly<Record<string, unknown>>;

/**
 * The test of an element of an archive's list, or its fault; null if it is not a traceroute test.
 * `from` is the start of the listed window: event types without results since then are omitted.
 */
export function describeTest(
  element: unknown,
  archive: string,
  from: number,
): TestDescription | string | null {
  if (typeof element !== 'object' || element === null) return 'not an object';
  const metadata = element as TestMetadata;
  const key = metadata['metadata-key'];
  if (typeof key !== 'string' || !/^[A-Za-z0-9_-]{1,128}$/.test(key)) {
    return key === undefined ? 'without a key' : 'with an invalid key';
  }
  const eventTypes = usableEventTypes(metadata, key, from);
  if (eventTypes.length > 0 && !eventTypes.some((name) => name.startsWith('packet-trace'))) {
    return null;
  }
  const source = parseEndpoint(metadata, 'source', 'measurement-agent');
  const destination = parseEndpoint(metadata, 'destination');
  const tool = parseTool(metadata['tool-name']);
  return {
    id: createTestId(archive, key, [idPart(source), idPart(destination), tool]),
    archive,
    key,
    tool,
    source,
    destination,
    family: familyOfEnds(source, destination),
    taskName: cleanText(metadata['pscheduler-reference-display-task-name'], 100),
    parameters: parseParameters(metadata),
    eventTypes,
  };
}

/** Whether a key is from elmond, whose keys have 64 hex digits; those of esmond have 32. */
export function isElmondKey(key: string): boolean {
  return /^[0-9a-f]{64}$/.test(key);
}

/**
 * esmond reports the time of the last result of each event type, null for none. elmond's
 * `time-updated` is the same for all event types and may be a day old, so it is ignored.
 */
function usableEventTypes(metadata: TestMetadata, key: string, from: number): string[] {
  const listed = metadata['event-types'];
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null) return [];
    const { 'event-type': name, 'time-updated': updated } = one as TestMetadata;
    if (typeof name !== 'string' || !/^[a-z-]{1,64}$/.test(name)) return [];
    const isStale = updated === null || numberOf(updated) < from;
    return isStale && !isElmondKey(key) && name !== 'packet-trace' ? [] : [name];
  });
}

/**
 * The address is the one that the archive resolved, else the configured end if it is an address,
 * else (for the source) the agent that ran the test. The name is the configured end, without the
 * final dot of older toolkits.
 */
function parseEndpoint(
  metadata: TestMetadata,
  end: 'source' | 'destination',
  fallback?: 'measurement-agent',
): Endpoint {
  const input = cleanText(metadata[`input-${end}`])?.toLowerCase().replace(/\.$/, '') ?? '';
  const literal = canonicalAddress(input);
  const address =
    canonicalAddress(metadata[end]) ??
    literal ??
    (fallback && canonicalAddress(metadata[fallback]));
  const name = literal ?? (input === '' ? null : input);
  return { address: address ?? null, name: name ?? address ?? 'unknown' };
}

/** The two names may resolve to different families. The destination decides. */
function familyOfEnds(source: Endpoint, destination: Endpoint): Family {
  const address = destination.address ?? source.address;
  return address === null ? 4 : familyOf(address);
}

/** The part after the last slash of `pscheduler/traceroute` or `bwctl/tracepath`. */
function parseTool(value: unknown): string {
  const name = typeof value === 'string' ? value.toLowerCase().replace(/^.*\//, '') : '';
  return /^[a-z0-9-]{1,40}$/.test(name) ? name : 'trace';
}

/** esmond stores values as text, elmond as JSON: `"60"`, `60` and `60.0` are the same parameter. */
function parseParameters(metadata: TestMetadata): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of parameterNames) {
    const value = metadata[name];
    const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    const clean = cleanText(text, 60)?.toLowerCase();
    if (clean === undefined) continue;
    found[name] = /^-?\d+(\.\d+)?$/.test(clean) ? String(Number(clean)) : clean;
  }
  return found;
}

/**
 * Ids are file names, so they include the ends only as addresses, and no other text of the archive.
 */
function idPart({ address }: Endpoint): string {
  return address?.replaceAll(':', '-') ?? 'unknown';
}
