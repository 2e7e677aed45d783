import type { Change } from '../change/change.ts';
import type { Endpoint } from '../test/test.ts';
import { type EndpointPair, endpointDisplayName, pairText } from '../test/testText.ts';
import type { Incident } from './incident.ts';

type Suspect = Incident['suspect'];

/**
 * The suspect of an incident: `link a – b`, `router a`, `destination Site B`. If nothing is
 * suspected, the pair if the tests have only one, in one direction or both, else ''. `changes` name
 * the ends of a link, `tests` the hosts.
 */
export function suspectText(
  suspect: Suspect,
  changes: readonly Change[],
  tests: readonly EndpointPair[],
): string {
  const { kind, name } = suspect;
  if (kind === 'unknown') return onlyPair(tests);
  if (kind === 'link') return `link ${linkText(name, changes)}`;
  const end = suspectedEndpoint(suspect, tests);
  return `${kind} ${end === null ? suspectName(name) : endpointDisplayName(end)}`;
}

/** The end of a test that is a suspected host, by name or address; null for other suspects. */
export function suspectedEndpoint(
  { kind, name }: Suspect,
  tests: readonly EndpointPair[],
): Endpoint | null {
  if (kind !== 'host' && kind !== 'source' && kind !== 'destination') return null;
  const ends = tests.flatMap(({ source, destination }) => [source, destination]);
  return ends.find((end) => end.name === name || end.address === name) ?? null;
}

/**
 * The name of a suspect for people. Detection names the subnet of an IPv6 link by its four groups
 * alone (`2001:db8:3:5/64`), which is no valid prefix; other names stay the same.
 */
export function suspectName(name: string): string {
  return /^[\da-f]+(:[\da-f]+){3}\/64$/.test(name) ? name.replace('/', '::/') : name;
}

/** The pair of some tests, `A → B`, or `A ↔ B` if they measure both ways; '' for several pairs. */
function onlyPair(tests: readonly EndpointPair[]): string {
  const pairs = [...new Set(tests.map(pairText))];
  const [only] = tests;
  if (only === undefined || pairs.length > 2) return '';
  if (pairs.length === 1) return pairText(only);
  const { source, destination } = only;
  const isBothWays = pairs.includes(pairText({ source: destination, destination: source }));
  return isBothWays ? `${endpointDisplayName(source)} ↔ ${endpointDisplayName(destination)}` : '';
}

/** The devices at both ends of a link if a change names them, else its subnet. */
function linkText(name: string, changes: readonly Change[]): string {
  for (const { evidence } of changes) {
    if (!evidence.removedLinks.includes(name)) continue;
    const { edge, adjacent = [] } = evidence;
    if (edge !== null) return edge.join(' – ');
    if (adjacent.length === 2) return adjacent.join(' – ');
  }
  return suspectName(name);
}
