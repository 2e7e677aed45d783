// Plain JavaScript, because it runs before the build. Every start runs it, so it must be fast.
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';

/** The first module of the program among the sources. A build has it as `main.js`. */
export const sourceEntry = 'src/cli/main.ts';

/**
 * `dist/current.json` names the current build. `build`: its folder in dist/, a digest of its
 * inputs; `stats`: size and times of these files and their folders, by path relative to the root;
 * `packages`: those of the files that are manifests of bundled packages.
 * @typedef {{ build: string, packages: readonly string[], stats: Record<string, string> }} Current
 */

/**
 * The folder of the build of exactly the present sources; null for none. Without sources, as in a
 * package that `npm pack` made, this is the build of the package.
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
  // After a copy, a change of owner, or a branch switched forth and back, only the times differ.
  if (digestOf(root, current.packages) !== current.build) return null;
  try {
    writeCurrent(root, { ...current, stats: statsOf(root, current.packages) });
  } catch {
    // No permission to write: the next start compares the bytes again, about 10 ms.
  }
  return folder;
}

/**
 * Size and times of all inputs of a build. The times of a folder show whether it gained or lost
 * files, which is faster than listing it.
 * @param {string} root
 * @param {readonly string[]} packages
 * @returns {Record<string, string>}
 */
export function statsOf(root, packages) {
  const { files, folders } = inputs(root, packages);
  return Object.fromEntries([...files, ...folders].map((path) => [path, statOf(root, path)]));
}

/**
 * Includes ctime, because a replaced file may have the same size and mtime.
 * @param {string} root
 * @param {string} path
 */
function statOf(root, path) {
  const stat = statSync(`${root}/${path}`, { throwIfNoEntry: false });
  return stat === undefined ? 'missing' : `${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`;
}

/**
 * Name of the build of these files: the first 16 hexadecimal digits of their SHA-256 digest.
 * @param {string} root
 * @param {readonly string[]} packages
 * @returns {string}
 */
export function digestOf(root, packages) {
  // Loading it takes as long as everything else here, and few starts need it.
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
 * Makes a build the current one. A start at the same time uses either the previous or the new one.
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
