import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * All files of a site that readers can open, in order of path. Follows links, skips hidden names.
 */
export function siteFiles(root: string): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  const walk = (folder: string) => {
    for (const name of readdirSync(join(root, folder)).sort()) {
      if (name.startsWith('.')) continue;
      const path = folder === '' ? name : `${folder}/${name}`;
      if (statSync(join(root, path)).isDirectory()) walk(path);
      else found.set(path, readFileSync(join(root, path)));
    }
  };
  walk('');
  return found;
}
