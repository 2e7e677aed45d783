import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** A path of a configuration file: relative to a folder, or to the user's home after `~/`. */
export function resolvePath(folder: string, path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : resolve(folder, path);
}
