// Starts the compiled program, never one that was compiled from other sources than those that are there now: such a build is
// made anew, and where that is not possible Node.js runs the sources themselves.
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { currentBuild, sourceEntry } from './currentBuild.js';

const root = join(import.meta.dirname, '..');

/** Whether there is what a build needs, and it is for us to write it: root leaves nothing in the checkout of a user. */
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
