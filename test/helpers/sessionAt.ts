import { createLog } from '../../src/lib/log.ts';
import { silentProgress } from '../../src/lib/progress.ts';
import type { Session } from '../../src/pipeline/session.ts';

/** A session at a moment, epoch seconds, that says nothing; what goes wrong goes to `stream`. */
export function sessionAt(
  now: number,
  stream: { write(text: string): unknown } = process.stderr,
): Session {
  return {
    log: createLog({ level: 'error', json: false, stream }),
    progress: silentProgress(process.stderr),
    env: {},
    signal: new AbortController().signal,
    now,
    clock: () => now,
    print: () => {},
    printIfInteractive: () => {},
  };
}
