import { createHash } from 'node:crypto';
import { canonicalAddress, familyOf } from '../../lib/ip.ts';
import { cleanText } from '../../lib/text.ts';
import type { Endpoint, Family } from '../../model/test.ts';
import type { TestDescription } from '../types.ts';
import { numberOf } from './readHops.ts';

/** Metadata that make one test of a pair differ from another. */
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
 * One element of an archive's list as a test, or a sentence why it cannot be one; null when it is no traceroute.
 * `from` is the begin of the time that was listed: event types without results since then are left out.
 */
export function describeTest(
  element: unknown,
  archive: string,
  from: number,
): TestDescription | string | null {
  if (typeof element !== 'object' || element === null) return 'it is not an object';
  const metadata = element as TestMetadata;
  const key = metadata['metadata-key'];
  if (typeof key !== 'string' || !/^[A-Za-z0-9_-]{1,128}$/.test(key)) {
    return `its key cannot be used: ${cleanText(key, 40) ?? 'none'}`;
  }
  const eventTypes = usableEventTypes(metadata, key, from);
  if (eventTypes.length > 0 && !eventTypes.some((name) => name.startsWith('packet-trace'))) {
    return null;
  }
  const source = parseEndpoint(metadata, 'source', 'measurement-agent');
  const destination = parseEndpoint(metadata, 'destination');
  const tool = parseTool(metadata['tool-name']);
  return {
    id: createTestId(archive, key, source, destination, tool),
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

/** Whether a key is elmond's: a SHA-256 where esmond has 32 hex digits. */
export function isElmondKey(key: string): boolean {
  return /^[0-9a-f]{64}$/.test(key);
}

/**
 * esmond tells for each event type when something last came in, null for never. elmond's `time-updated` is one for all and
 * may lag by a day, so it says nothing.
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
 * The address is what the archive resolved, else what was configured if that is an address, else for the source
 * the agent that ran the test. The name is what was configured, without the final dot of older toolkits.
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

/** Two names may resolve to different families at the two ends; where the probes go to decides. */
function familyOfEnds(source: Endpoint, destination: Endpoint): Family {
  const address = destination.address ?? source.address;
  return address === null ? 4 : familyOf(address);
}

/** `pscheduler/traceroute`, `bwctl/tracepath`: what follows the last slash. */
function parseTool(value: unknown): string {
  const name = typeof value === 'string' ? value.toLowerCase().replace(/^.*\//, '') : '';
  return /^[a-z0-9-]{1,40}$/.test(name) ? name : 'trace';
}

/** esmond keeps every value as text, elmond as JSON has it: `"60"`, `60` and `60.0` are the same parameter. */
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

/** Names files and pages, so it holds nothing of the archive's text but two addresses and a plain tool name. */
function createTestId(
  archive: string,
  key: string,
  source: Endpoint,
  destination: Endpoint,
  tool: string,
): string {
  const ends = [source, destination].map(
    ({ address }) => address?.replaceAll(':', '-') ?? 'unknown',
  );
  const digest = createHash('sha256').update(`${archive}\n${key}`).digest('hex').slice(0, 12);
  return [...ends, tool, digest].join('_');
}
