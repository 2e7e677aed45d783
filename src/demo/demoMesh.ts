import type { Family } from '../model/test/test.ts';
import { type SiteSpec, sites } from './data/hosts.ts';

/** A tool of the demo's hosts. */
type DemoTool = 'traceroute' | 'tracepath' | 'paris-traceroute';

/** One test of the demo mesh. */
export interface DemoTest {
  readonly index: number;
  /** `gva-msn-v4-traceroute`: host ids, family and tool. */
  readonly id: string;
  readonly source: SiteSpec;
  readonly destination: SiteSpec;
  readonly family: Family;
  readonly tool: DemoTool;
}

/** Tests in addition to the full mesh of traceroutes: pairs with a second tool. */
const secondTools: readonly (readonly [
  source: string,
  destination: string,
  family: Family,
  tool: DemoTool,
])[] = [
  ['bgo', 'hel', 4, 'tracepath'],
  ['hel', 'bgo', 4, 'tracepath'],
  ['bgo', 'gva', 6, 'tracepath'],
  ['gva', 'muc', 4, 'tracepath'],
  ['gva', 'msn', 4, 'tracepath'],
  ['msn', 'gva', 4, 'tracepath'],
  ['sea', 'msn', 6, 'tracepath'],
  ['lis', 'sea', 4, 'tracepath'],
  ['osa', 'sea', 4, 'tracepath'],
  ['muc', 'osa', 4, 'tracepath'],
  ['bgo', 'msn', 4, 'paris-traceroute'],
];

/**
 * All tests of the demo: traceroutes between all hosts in all common families, then the second
 * tools.
 */
export function meshTests(): readonly DemoTest[] {
  const tests: DemoTest[] = [];
  const add = (source: SiteSpec, destination: SiteSpec, family: Family, tool: DemoTool): void => {
    const id = `${source.id}-${destination.id}-v${family}-${tool}`;
    tests.push({ index: tests.length, id, source, destination, family, tool });
  };
  for (const source of sites) {
    for (const destination of sites) {
      for (const family of source.families) {
        if (source !== destination && destination.families.includes(family)) {
          add(source, destination, family, 'traceroute');
        }
      }
    }
  }
  for (const [source, destination, family, tool] of secondTools) {
    add(siteOf(source), siteOf(destination), family, tool);
  }
  return tests;
}

function siteOf(id: string): SiteSpec {
  const site = sites.find((candidate) => candidate.id === id);
  if (site === undefined) throw new Error(`the demo has no host ${id}`);
  return site;
}
