// Plain JavaScript, for it runs before anything is compiled, and must not cost a start what compiling saves.
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** What the program begins with, among the sources. A build has it as `main.js`. */
export const sourceEntry = 'src/cli/main.ts';

/**
 * `dist/current.json`: which build holds. `build` is the name of its folder in dist/, a digest of all that it was made of;
 * `stats` tells without reading them whether any of these files was written since. `packages` are the manifests of the
 * packages that are bundled with it, relative to the root.
 * @typedef {{ build: string, packages: readonly string[], stats: string }} Current
 */

/**
 * The folder of the build that was made of exactly the sources that are there now; null where there is none. Where there
 * are no sources, as in what `npm pack` makes, it is the build that came along.
 * @param {string} root
 * @returns {string | null}
 */
export function currentBuild(root) {
  const current = readCurrent(root);
  if (current === null) return null;
  const folder = join(root, 'dist', current.build);
  if (!existsSync(join(folder, 'main.js'))) return null;
  if (!existsSync(join(root, 'src'))) return folder;
  const stats = statsOf(root, current.packages);
  if (stats === current.stats) return folder;
  // Copied, given to another user, or a branch that was left and taken again: the same bytes make the same program.
  if (digestOf(root, current.packages) !== current.build) return null;
  try {
    writeCurrent(root, { ...current, stats });
  } catch {
    // Not ours to write; the next start reads all of it again, some 10 ms.
  }
  return folder;
}

/**
 * Path, size and times of everything that a build is made of, a line for each file. ctime is among them, since a file may
 * be replaced by one with the same size and mtime.
 * @param {string} root
 * @param {readonly string[]} packages
 * @returns {string}
 */
export function statsOf(root, packages) {
  return inputs(root, packages)
    .map((path) => {
      const stat = statSync(`${root}/${path}`, { throwIfNoEntry: false });
      return stat === undefined ? path : `${path} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`;
    })
    .join('\n');
}

/**
 * Name of the build of these files.
 * @param {string} root
 * @param {readonly string[]} packages
 * @returns {string}
 */
export function digestOf(root, packages) {
  // Few starts need it; loading it takes as long as all the rest here.
  const { createHash } = process.getBuiltinModule('node:crypto');
  const digest = createHash('sha256');
  for (const path of inputs(root, packages)) {
    const file = join(root, path);
    const bytes = existsSync(file) ? readFileSync(file) : '';
    digest.update(`${path} ${bytes.length}\n`).update(bytes);
  }
  return digest.digest('hex').slice(0, 16);
}

/**
 * Makes a build the one that holds; whoever starts meanwhile finds the one before or this one.
 * @param {string} root
 * @param {Current} current
 */
export function writeCurrent(root, current) {
  const file = join(root, 'dist/current.json');
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, JSON.stringify(current));
  renameSync(fresh, file);
}

/**
 * @param {string} root
 * @returns {Current | null}
 */
function readCurrent(root) {
  try {
    return JSON.parse(readFileSync(join(root, 'dist/current.json'), 'utf8'));
  } catch {
    return null;
  }
}

/**
 * @param {string} root
 * @param {readonly string[]} packages
 */
function inputs(root, packages) {
  return [...filesBelow(root, 'src').sort(), 'scripts/build.ts', ...packages];
}

/**
 * By hand, for `recursive` of Node.js takes six times as long.
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
function filesBelow(root, folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesBelow(root, path);
    return entry.isFile() ? [path] : [];
  });
}
