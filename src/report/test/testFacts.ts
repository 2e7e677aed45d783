import type { TestAnalysis } from '../../model/analysis.ts';
import { familyLabel, formatDuration, pluralize } from '../../model/format.ts';
import { memoize } from '../../model/memoize.ts';
import type { Endpoint } from '../../model/test.ts';
import { endpointHostName } from '../../model/testText.ts';
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

/** An end that goes by another name is told by its own too. */
function endpointText(end: Endpoint): string {
  const address = end.address ?? 'unknown address';
  if (end.displayName === undefined || endpointHostName(end) === address) return address;
  return `${endpointHostName(end)} (${address})`;
}

/** An archive's URL from its scheme and name; null for an address that is none. */
const archiveUrl = memoize((address: string): string | null => {
  const url = URL.parse(address);
  const isPlain = url !== null && url.username === '' && url.search === '' && url.hash === '';
  return isPlain ? url.href.replace(/\/+$/, '') : null;
});

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
