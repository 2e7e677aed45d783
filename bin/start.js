// Starts the compiled program. If it was compiled from other sources than the present ones, this
// script builds it again, or lets Node.js run the sources if it cannot build.
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { currentBuild, sourceEntry } from './currentBuild.js';

const root = join(import.meta.dirname, '..');

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

const build = currentBuild(root) ?? newBuild();
const entry = build === null ? join(root, sourceEntry) : join(build, 'main.js');
await import(pathToFileURL(entry).href);
