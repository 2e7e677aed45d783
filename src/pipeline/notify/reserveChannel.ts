import { join } from 'node:path';
import { keyedDigest } from '../../lib/keyedDigest.ts';
import { acquireLock } from '../../lib/lock.ts';
import type { Channel } from '../../notify/channels/channel.ts';

const lockNameDigits = 16;

/**
 * Reserves a channel for this process, by a lock in the state folder; the kernel releases it if the
 * process is killed. Returns the function that releases it, or null if another process has it.
 */
export function reserveChannel(state: string, { id }: Channel): (() => void) | null {
  const name = `${keyedDigest(id, null, lockNameDigits)}.lock`;
  const lock = acquireLock(join(state, 'delivery', name));
  return lock === null ? null : () => lock.release();
}
