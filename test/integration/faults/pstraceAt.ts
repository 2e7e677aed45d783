import { type Ended, type Running, start } from '../cli/command.ts';

/** What a child is given beside its arguments: variables of the environment, and a command that starts it. */
export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly prefix?: readonly string[];
}

/** Starts pstrace while its clock stands still at `now` (epoch seconds), so that two runs can be compared. */
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

/** Runs pstrace to its end at `now`. */
export function runAt(
  now: number,
  args: readonly string[],
  surroundings?: Surroundings,
): Promise<Ended> {
  return startAt(now, args, surroundings).ended;
}
