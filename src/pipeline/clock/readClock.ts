import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { type ClockReading, maxSkewSeconds } from './judgeClock.ts';

/** Reads the clock: `at` (epoch seconds), with the start of the system that belongs to it. */
export function readClock(at: number): ClockReading {
  const bootedAt = bootTime();
  // A container, or a program with a clock of its own, may see the boot time of another clock.
  const isOwn = bootedAt !== null && Math.abs(bootedAt + uptime() - at) <= maxSkewSeconds;
  return { at, bootedAt: isOwn ? bootedAt : null };
}

/** The start of the system by its clock, epoch seconds. Setting the clock moves it. */
function bootTime(): number | null {
  try {
    const [, seconds] = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8')) ?? [];
    return seconds === undefined ? null : Number(seconds);
  } catch {
    return null;
  }
}
