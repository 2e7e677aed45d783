import { type Command, CommanderError, type OutputConfiguration } from 'commander';
import { ExpectedError } from '../lib/errors.ts';
import { exitCodes } from '../lib/exitCodes.ts';
import { Interrupted } from '../lib/interrupt.ts';
import type { Log } from '../lib/log.ts';
import { UsageError } from '../lib/usageError.ts';
import { version } from '../lib/version.ts';
import { logBug, logProblem } from '../pipeline/problems.ts';
import type { Session } from '../pipeline/session.ts';
import { inheritedOptions } from './command.ts';
import type { CommonOptions } from './options.ts';
import { unknownCode } from './pluginTimeout.ts';
import { createProgram } from './program.ts';

/** The process of a command line. `output` receives help, version and usage errors. */
export interface CommandLineHost {
  openSession(options: CommonOptions): Promise<Session>;
  readonly output?: OutputConfiguration;
}

/** Runs a command line and returns the exit code. Every error becomes a message and a code. */
export async function runCommandLine(
  args: readonly string[],
  { openSession, output }: CommandLineHost,
): Promise<number> {
  let code: number = exitCodes.ok;
  const invoke = async <Options extends CommonOptions>(
    command: Command,
    work: (session: Session, options: Options) => Promise<number>,
  ) => {
    const options = inheritedOptions<Options>(command);
    const session = await openSession(options);
    code = await workIn(session, () => work(session, options));
  };
  try {
    await createProgram(version, invoke, output).parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.ok;
    return error.exitCode === unknownCode ? unknownCode : exitCodes.usage;
  }
  return code;
}

async function workIn(session: Session, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    return reportFailure(error, session.log);
  } finally {
    session.progress.stop();
  }
}

/** Logs why a command ended early and returns the exit code. */
export function reportFailure(error: unknown, log: Log): number {
  if (error instanceof UsageError) {
    for (const problem of error.problems) logProblem(problem, log.error);
    return error.exitCode;
  }
  if (error instanceof Interrupted) {
    log.warn(error.message);
    return error.exitCode;
  }
  if (error instanceof ExpectedError) {
    logProblem(error.toProblem(), log.error);
    return exitCodes.failed;
  }
  logBug(error, 'pstrace', log);
  return exitCodes.bug;
}
