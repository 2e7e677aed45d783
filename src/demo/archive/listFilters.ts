import { isIP } from 'node:net';
import type { DemoArchive } from './demoArchive.ts';
import { RequestRefusedError } from './response.ts';
import type { DemoMetadata } from './testMetadata.ts';

/** Parameters of a list that do not filter by metadata. */
const notFilters = new Set([
  'event-type',
  'format',
  'limit',
  'offset',
  'summary-type',
  'time',
  'time-end',
  'time-range',
  'time-start',
]);

const endpoints = new Set(['source', 'destination', 'measurement-agent']);

/**
 * Whether a test's metadata has all values of the query. As on both servers, an unknown parameter
 * matches nothing. Rejects a host that cannot be resolved.
 */
export function matchesFilters(
  archive: DemoArchive,
  metadata: DemoMetadata,
  query: URLSearchParams,
): boolean {
  return [...query].every(([name, value]) => {
    if (notFilters.has(name)) return true;
    const stored = metadata[name];
    if (endpoints.has(name)) return addressesOf(archive, value).includes(String(stored));
    if (stored === undefined) return false;
    if (archive.dialect === 'esmond') return stored === value;
    if (name === 'tool-name') return isToolOfElmond(String(stored), value);
    return isFoundByElmond(name, value) && String(stored) === value;
  });
}

/** elmond searches the analyzed text of the tool's name, in which a dash separates words. */
function isToolOfElmond(stored: string, value: string): boolean {
  const word = value.replace(/^pscheduler\//, '');
  return stored.replace('pscheduler/', '').split('-').includes(word);
}

/**
 * elmond compares configured names with analyzed text, so it never finds names with a dash or a
 * capital.
 */
function isFoundByElmond(name: string, value: string): boolean {
  return !name.startsWith('input-') || !/[-A-Z]|\d\./.test(value);
}

/** The server resolves names itself; that of the demo knows only the hosts of the mesh. */
function addressesOf(archive: DemoArchive, value: string): string[] {
  if (isIP(value) !== 0) return [value.toLowerCase()];
  const { simulation } = archive;
  const site = simulation.sites.find((candidate) => candidate.host === value.toLowerCase());
  if (site === undefined) {
    throw new RequestRefusedError(400, `Unable to find address for host ${value}`);
  }
  return site.families.map((family) => simulation.addressOf(site.id, family));
}
