import { vi } from 'vitest';
import { type Ended, pstrace, type Running, start } from '../cli/command.ts';

/** Environment of a child, and a command that starts it. */
export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly prefix?: readonly string[];
}

/** Starts pstrace with a constant clock (`now`, epoch seconds), so that two runs are comparable. */
export function startAt(
  now: number,
  args: readonly string[],
  { env = {}, prefix = [] }: Surroundings = {},
): Running {
  const variables = {
    NODE_OPTIONS: `--import=data:text/javascript,Date.now=()=>${now * 1000}`,
    ...env,
  };
  const settings = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return start(args, ['env', ...settings, ...prefix]);
}

/**
 * Runs pstrace to its end at `now`: within this process, unless its surroundings need another one.
 */
export async function runAt(
  now: number,
  args: readonly string[],
  surroundings?: Surroundings,
): Promise<Ended> {
  if (surroundings !== undefined) return startAt(now, args, surroundings).ended;
  const clock = vi.spyOn(Date, 'now').mockReturnValue(now * 1000);
  try {
    return await pstrace(...args);
  } finally {
    clock.mockRestore();
  }
}
