// Starts the compiled program. If it was compiled from other sources than the present ones, this
// script builds it again, or lets Node.js run the sources if it cannot build.
import { accessSync, constants, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { currentBuild, sourceEntry } from './currentBuild.js';

const root = join(import.meta.dirname, '..');

/** The exit code for a faulty installation, `EX_CONFIG` of sysexits.h, as in bin/pstrace. */
const faultyInstallation = 78;
/** Permission bits of a folder that other users may write to. */
const othersMayWrite = 0o022;

/**
 * Whether node_modules has the versions of package-lock.json. It has not between `git pull` and
 * `npm ci`: the new sources then import packages that are missing or too old. Without either list,
 * as under another package manager, there is nothing to compare.
 */
function packagesMatch() {
  const locked = packagesIn('package-lock.json');
  const installed = packagesIn('node_modules/.package-lock.json');
  if (locked === null || installed === null) return true;
  const hasLocked = (/** @type {string} */ path) =>
    installed[path]?.version === locked[path]?.version;
  const { dependencies = {}, optionalDependencies = {} } = locked[''] ?? {};
  // npm installs only those optional packages that fit the system.
  const fitting = Object.keys(optionalDependencies).filter((name) => pathOf(name) in installed);
  return [...Object.keys(dependencies), ...fitting].map(pathOf).every(hasLocked);
}

/**
 * @typedef {{
 *   version?: string,
 *   dependencies?: Record<string, string>,
 *   optionalDependencies?: Record<string, string>,
 * }} LockedPackage
 */

/** The folder of a package. @param {string} name */
function pathOf(name) {
  return `node_modules/${name}`;
}

/**
 * The packages of one of npm's lists by their folders; '' is pstrace itself. null for no list.
 * @param {string} file
 * @returns {Record<string, LockedPackage> | null}
 */
function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return null;
  }
}

/**
 * Whether this process can build: it has the tools, can write, and owns the checkout (root must not
 * leave files in the checkout of a user).
 */
function canBuild() {
  const tool = join(root, 'node_modules/rolldown/package.json');
  if (!existsSync(tool) || statSync(root).uid !== process.getuid?.()) return false;
  const dist = join(root, 'dist');
  try {
    accessSync(existsSync(dist) ? dist : root, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function newBuild() {
  if (!canBuild()) return null;
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const script = join(root, 'scripts/build.ts');
  spawnSync(process.execPath, [script], { stdio: 'ignore', timeout: 60_000 });
  return currentBuild(root);
}

/**
 * Half of a start is compiling the program, so Node.js caches the result. It runs what is in this
 * folder, so the folder must belong to this user, and no other user may write to it. Without it, the
 * start is only slower.
 */
function cacheCompiledCode() {
  const { HOME, NODE_COMPILE_CACHE, XDG_CACHE_HOME } = process.env;
  if (NODE_COMPILE_CACHE) return;
  const parent = XDG_CACHE_HOME || (HOME && existsSync(HOME) ? join(HOME, '.cache') : null);
  if (parent === null || !isAbsolute(parent)) return;
  const folder = join(parent, 'pstrace');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    if (uid === process.getuid?.() && (mode & othersMayWrite) === 0) enableCompileCache(folder);
  } catch {
    // A home that cannot be written.
  }
}

cacheCompiledCode();
let build = currentBuild(root);
if (build === null && !packagesMatch()) {
  const modules = join(root, 'node_modules');
  process.stderr.write(
    `pstrace: the packages in ${modules} do not match package-lock.json; run 'npm ci' in ${root}.\n`,
  );
  process.exit(faultyInstallation);
}
build ??= newBuild();
const entry = build === null ? join(root, sourceEntry) : join(build, 'main.js');
await import(pathToFileURL(entry).href);
