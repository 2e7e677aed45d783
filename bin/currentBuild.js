// Plain JavaScript, for it runs before anything is compiled, and must not cost a start what compiling saves.
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';

/** What the program begins with, among the sources. A build has it as `main.js`. */
export const sourceEntry = 'src/cli/main.ts';

/**
 * `dist/current.json`: which build is current. `build` is the name of its folder in dist/, a digest of all it was made of;
 * `stats` has size and times of all these files, and of their folders, by path relative to the root. `packages` are
 * the manifests of the bundled packages among them.
 * @typedef {{ build: string, packages: readonly string[], stats: Record<string, string> }} Current
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
  const isUnchanged = Object.entries(current.stats).every(
    ([path, stat]) => statOf(root, path) === stat,
  );
  if (isUnchanged) return folder;
  // Copied, given to another user, or a branch that was left and taken again: the same bytes make the same program.
  if (digestOf(root, current.packages) !== current.build) return null;
  try {
    writeCurrent(root, { ...current, stats: statsOf(root, current.packages) });
  } catch {
    // Not ours to write; the next start reads all of it again, some 10 ms.
  }
  return folder;
}

/**
 * Size and times of everything that a build is made of. A folder is there for what is added to it or taken away: to look at
 * what is known is faster than to list it.
 * @param {string} root
 * @param {readonly string[]} packages
 * @returns {Record<string, string>}
 */
export function statsOf(root, packages) {
  const { files, folders } = inputs(root, packages);
  return Object.fromEntries([...files, ...folders].map((path) => [path, statOf(root, path)]));
}

/**
 * ctime is part of it, since a file may be replaced by one with the same size and mtime.
 * @param {string} root
 * @param {string} path
 */
function statOf(root, path) {
  const stat = statSync(`${root}/${path}`, { throwIfNoEntry: false });
  return stat === undefined ? 'missing' : `${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`;
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
  for (const path of inputs(root, packages).files) {
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
  const entries = readdirSync(join(root, 'src'), { withFileTypes: true, recursive: true });
  const paths = entries.map((entry) => ({
    path: relative(root, join(entry.parentPath, entry.name)),
    isFolder: entry.isDirectory(),
  }));
  const sources = paths.filter(({ isFolder }) => !isFolder).map(({ path }) => path);
  const folders = paths.filter(({ isFolder }) => isFolder).map(({ path }) => path);
  return {
    files: [...sources.sort(), 'scripts/build.ts', ...packages],
    folders: ['src', ...folders.sort()],
  };
}
