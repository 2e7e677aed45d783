import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { packageRoot } from './packageRoot.ts';
import { version } from './version.ts';

/**
 * Identifies the state of this program without reading it: differs after a change of its version
 * and of any file of its code and templates.
 */
export function programStamp(): string {
  const stamp = createHash('sha1').update(`${version} ${process.version}`);
  // An installed package has no sources.
  const code = existsSync(join(packageRoot, 'src')) ? 'src' : 'dist';
  for (const folder of [code, 'templates']) {
    for (const path of listFiles(join(packageRoot, folder))) {
      const { size, mtimeMs, ctimeMs } = statSync(path);
      stamp.update(`\n${relative(packageRoot, path)} ${size} ${mtimeMs} ${ctimeMs}`);
    }
  }
  return stamp.digest('base64');
}

/** Node's `recursive` option is six times slower. */
function listFiles(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const files = entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return listFiles(path);
    return entry.isFile() ? [path] : [];
  });
  return files.sort();
}
