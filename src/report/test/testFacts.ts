import type { TestAnalysis } from '../../model/site/analysis.ts';
import type { Endpoint } from '../../model/test/test.ts';
import { endpointHostName } from '../../model/test/testText.ts';
import { familyLabel, formatInterval } from '../../model/values/format.ts';
import { memoize } from '../../model/values/memoize.ts';
import type { Markup } from '../html.ts';
import type { SiteContext } from '../page.ts';
import type { HeadParts } from './latestDrawing.ts';

/** A term and its value in the page head. */
export interface TestFact {
  readonly term: string;
  readonly value: string | Markup;
  /** Where scripts show newer values. */
  readonly part?: keyof HeadParts;
}

/** Maximum number of parameters; archives send dozens, few of them useful to a reader. */
const maxParameters = 6;

/** Facts of the measurement for the head of a test's pages. */
export function testFacts({ test }: Pick<TestAnalysis, 'test'>, parts: HeadParts): TestFact[] {
  const facts: TestFact[] = [
    { term: 'Tool', value: `${test.tool}, ${familyLabel(test.family)}` },
    { term: 'Source', value: endpointText(test.source) },
    { term: 'Destination', value: endpointText(test.destination) },
    { term: 'Shown', value: parts.shown, part: 'shown' },
    { term: 'Newest trace', value: parts.newest, part: 'newest' },
  ];
  if (test.intervalSeconds !== null) {
    facts.push({ term: 'Interval', value: formatInterval(test.intervalSeconds) });
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

/** Address of an endpoint; with its host name if it has another display name. */
function endpointText(end: Endpoint): string {
  const address = end.address ?? 'unknown address';
  if (end.displayName === undefined || endpointHostName(end) === address) return address;
  return `${endpointHostName(end)} (${address})`;
}

/** URL of an archive by scheme and name; null for an invalid URL. */
const archiveUrl = memoize((address: string): string | null => {
  const url = URL.parse(address);
  const isPlain = url !== null && url.username === '' && url.search === '' && url.hash === '';
  return isPlain ? url.href.replace(/\/+$/, '') : null;
});

/**
 * URL of the test's metadata in its archive; null for tests of this host, pseudonymous keys and
 * invalid URLs. In a path, esmond requires a slash after the key and elmond none; a query works
 * with both.
 */
export function archiveHref({ test }: TestAnalysis, { httpArchives }: SiteContext): string | null {
  if (test.archive === 'local' || test.key.startsWith('masked-')) return null;
  const scheme = httpArchives?.has(test.archive) ? 'http' : 'https';
  const url = archiveUrl(`${scheme}://${test.archive}`);
  return url && `${url}/?metadata-key=${encodeURIComponent(test.key)}`;
}
