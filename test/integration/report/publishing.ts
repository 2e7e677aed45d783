import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openSiteWriter, type PublishResult } from '../../../src/report/publish/siteWriter.ts';

/** Publishes pages given as path and body. */
export function publish(
  out: string,
  pages: Readonly<Record<string, string>>,
  options?: { retainOtherPages: boolean },
): PublishResult {
  const site = openSiteWriter(out);
  for (const [path, body] of Object.entries(pages)) site.write({ path, body });
  return site.commit(options);
}

/**
 * The files that a reader can open below a directory, by path. Follows links, like a web server.
 */
export function seen(out: string, below = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(join(out, below))) {
    const path = join(below, name);
    if (path === '.site') continue;
    if (statSync(join(out, path)).isDirectory()) Object.assign(found, seen(out, path));
    else found[path] = readFileSync(join(out, path), 'utf8');
  }
  return found;
}

/** A small site: path and content of its pages. */
export const first = {
  'index.html': '<h1>one</h1>',
  'tests/a/index.html': 'test a',
  'tests/b/index.html': 'test b',
  'data/matrix.json': '{"one":1}',
};
