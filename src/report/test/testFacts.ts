import type { TestAnalysis } from '../../model/analysis.ts';
import { familyLabel, formatDuration, pluralize } from '../../model/format.ts';
import type { Endpoint } from '../../model/test.ts';
import type { SiteContext } from '../page.ts';

/** A term and its value in the head of a page. */
export interface TestFact {
  readonly term: string;
  readonly value: string;
}

/** Parameters shown; archives send dozens of them, most of no use to a reader. */
const maxParameters = 6;

/** What is measured and how, for the head of a test's pages. */
export function testFacts({ test, traces, series }: TestAnalysis): TestFact[] {
  const span = (series.at(-1)?.at ?? 0) - (series[0]?.at ?? 0);
  const facts: TestFact[] = [
    { term: 'Tool', value: `${test.tool}, ${familyLabel(test.family)}` },
    { term: 'Source', value: endpointText(test.source) },
    { term: 'Destination', value: endpointText(test.destination) },
    {
      term: 'Shown',
      value: `${pluralize(traces, 'trace')}${span > 0 ? ` over ${formatDuration(span)}` : ''}`,
    },
  ];
  if (test.intervalSeconds !== null) {
    facts.push({ term: 'Interval', value: formatDuration(test.intervalSeconds) });
  }
  if (test.taskName !== null) facts.push({ term: 'Task', value: test.taskName });
  facts.push({ term: 'Archive', value: test.archive });
  const parameters = Object.entries(test.parameters).slice(0, maxParameters);
  if (parameters.length > 0) {
    const value = parameters.map(([name, setting]) => `${name} ${setting}`).join(', ');
    facts.push({ term: 'Parameters', value });
  }
  return facts;
}

/** What pages call an end of a test: as the administrator does, else its name, else its address. */
export function endpointDisplayName({ displayName, ...end }: Endpoint): string {
  return displayName ?? endpointHostName(end);
}

/** Name of an end of a test in the network; its address where the archive knows no name. */
export function endpointHostName({ name, address }: Endpoint): string {
  return name === '' ? (address ?? 'unknown') : name;
}

/** An end that goes by another name is told by its own too. */
function endpointText(end: Endpoint): string {
  const address = end.address ?? 'unknown address';
  if (end.displayName === undefined || endpointHostName(end) === address) return address;
  return `${endpointHostName(end)} (${address})`;
}

/** Addresses of archives by scheme and name; null for what is none. */
const archiveUrls = new Map<string, string | null>();

function archiveUrl(address: string): string | null {
  const known = archiveUrls.get(address);
  if (known !== undefined) return known;
  const url = URL.parse(address);
  const isPlain = url !== null && url.username === '' && url.search === '' && url.hash === '';
  const found = isPlain ? url.href.replace(/\/+$/, '') : null;
  archiveUrls.set(address, found);
  return found;
}

/**
 * The test's metadata at its archive; null for tests of this host, where the key is a pseudonym, and for an address that is none.
 * esmond wants a slash behind a key in the path and elmond none, so the key is asked for.
 */
export function archiveHref({ test }: TestAnalysis, { httpArchives }: SiteContext): string | null {
  if (test.archive === 'local' || test.key.startsWith('masked-')) return null;
  const scheme = httpArchives?.has(test.archive) ? 'http' : 'https';
  const url = archiveUrl(`${scheme}://${test.archive}`);
  return url && `${url}/?metadata-key=${encodeURIComponent(test.key)}`;
}
