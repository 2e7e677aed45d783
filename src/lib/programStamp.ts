import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { version } from './version.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Tells one state of this program from another without reading it: changes with its version and with any file of its code and
 * templates that was written or replaced.
 */
export function programStamp(): string {
  const stamp = createHash('sha1').update(`${version} ${process.version}`);
  for (const folder of ['src', 'templates']) {
    for (const path of listFiles(join(root, folder))) {
      const { size, mtimeMs, ctimeMs } = statSync(path);
      stamp.update(`\n${relative(root, path)} ${size} ${mtimeMs} ${ctimeMs}`);
    }
  }
  return stamp.digest('base64');
}

function listFiles(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => join(parentPath, name)).sort();
}
