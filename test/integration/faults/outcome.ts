import { createHash } from 'node:crypto';
import type { StoreRecord } from '../../../src/store/exchange/recordSchemas.ts';
import { openForAdmin } from '../../../src/store/open.ts';
import { siteFiles } from '../../helpers/siteFiles.ts';

/** Files about the runs themselves, which rightly show a killed one. */
const ofRuns = /^(status\.html|data\/status\.json|assets\/run\.js)$/;

/** Digests of the pages by their path, except those about the runs; empty without a site. */
export function pagesOf(out: string): ReadonlyMap<string, string> {
  const files = [...siteFilesIfAny(out)].filter(([path]) => !ofRuns.test(path));
  return new Map(files.map(([path, body]) => [path, digestOf(body)]));
}

function digestOf(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 12);
}

function siteFilesIfAny(out: string): ReadonlyMap<string, Buffer> {
  try {
    return siteFiles(out);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
}

/** Broken links and missing files of a site, each as `page → target`. */
export function brokenLinks(out: string): string[] {
  const files = siteFilesIfAny(out);
  return [...files].flatMap(([path, body]) => {
    if (!path.endsWith('.html')) return [];
    const targets = [...body.toString().matchAll(/\s(?:href|src)="([^"]*)"/g)];
    return targets.flatMap(([, target = '']) => {
      const url = new URL(target.replaceAll('&amp;', '&'), `http://site.invalid/${path}`);
      const leaves = url.host !== 'site.invalid';
      return leaves || files.has(decodeURI(url.pathname).slice(1)) ? [] : [`${path} → ${target}`];
    });
  });
}

/**
 * The content of a state folder, except for the runs and the times of listings: one line per
 * record, in a fixed order. Traces include their routes, whose numbers depend on the order of
 * reading. Throws for any corruption.
 */
export function contentOf(state: string): string[] {
  const care = openForAdmin(state, 0, 'read');
  try {
    const { faults } = care.check();
    if (faults.length > 0) throw new Error(faults.join('\n'));
    const routes = new Map<number, unknown>();
    const lines: string[] = [];
    for (const record of care.records(failOn)) {
      if (record.record === 'route') routes.set(record.route, { ...record, route: null });
      else lines.push(JSON.stringify(plain(record, routes)));
    }
    return lines.filter((line) => line !== 'null').sort();
  } finally {
    care.close();
  }
}

function plain(record: StoreRecord, routes: ReadonlyMap<number, unknown>): unknown {
  switch (record.record) {
    case 'trace':
      return { ...record, route: routes.get(record.route) };
    case 'test':
      return { ...record, firstSeenAt: null, lastListedAt: null };
    case 'run':
    case 'end':
      return null;
    default:
      return record;
  }
}

function failOn(message: string): never {
  throw new Error(message);
}
