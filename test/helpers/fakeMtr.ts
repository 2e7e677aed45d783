import { existsSync, readFileSync } from 'node:fs';
import { type FakeProgram, fakeProgram } from './fakeProgram.ts';

/** A program that behaves like mtr, in a folder of the test. */
export interface FakeMtr extends FakeProgram {
  /** Whether the process that the program has noted still runs. */
  childRuns(): boolean;
}

/** Puts the script into a folder. */
export function fakeMtr(folder: string): FakeMtr {
  const program = fakeProgram(folder, 'mtr');
  return {
    ...program,
    childRuns: () => isRunning(Number(readFileSync(`${program.command}.child`, 'utf8'))),
  };
}

/** A process that has ended stays listed as a zombie until its parent or adopter reaps it. */
function isRunning(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !/^\d+ \(.*\) Z/s.test(readFileSync(file, 'utf8'));
}
