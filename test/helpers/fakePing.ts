import { chmodSync, copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A program that behaves like ping, in a folder of the test, and the arguments of each call of it so far. */
export function fakePing(folder: string): { readonly command: string; calls(): string[] } {
  const command = join(folder, 'ping');
  copyFileSync(join(import.meta.dirname, 'fake-ping.sh'), command);
  chmodSync(command, 0o755);
  return {
    command,
    calls() {
      const file = `${command}.calls`;
      return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
    },
  };
}
