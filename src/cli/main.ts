import { type Command, CommanderError } from 'commander';
import { ExpectedError } from '../lib/errors.ts';
import { exitCodes } from '../lib/exitCodes.ts';
import { Interrupted } from '../lib/interrupt.ts';
import type { Log } from '../lib/log.ts';
import { UsageError } from '../lib/usageError.ts';
import { version } from '../lib/version.ts';
import { formatProblem, logBug } from '../pipeline/problems.ts';
import type { Session } from '../pipeline/session.ts';
import { inheritedOptions } from './command.ts';
import { limitHeapGrowth } from './heapLimit.ts';
import type { CommonOptions } from './options.ts';
import { createProgram } from './program.ts';
import { openSession } from './session.ts';

/** Runs the command line and returns the exit code. Unexpected errors end here. */
async function main(args: readonly string[]): Promise<number> {
  limitHeapGrowth();
  let code: number = exitCodes.ok;
  const invoke = async <Options extends CommonOptions>(
    command: Command,
    work: (session: Session, options: Options) => Promise<number>,
  ) => {
    const options = inheritedOptions<Options>(command);
    code = await withSession(options, (session) => work(session, options));
  };
  try {
    await createProgram(version, invoke).parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
  return code;
}

async function withSession(
  options: CommonOptions,
  work: (session: Session) => Promise<number>,
): Promise<number> {
  const session = await openSession(options);
  const exitOnBug = (error: unknown) => {
    session.progress.stop();
    process.exit(reportFailure(error, session.log));
  };
  process.on('uncaughtException', exitOnBug);
  try {
    return await work(session);
  } catch (error) {
    return reportFailure(error, session.log);
  } finally {
    session.progress.stop();
  }
}

/** Logs why a command ended early and returns the exit code. */
function reportFailure(error: unknown, log: Log): number {
  if (error instanceof UsageError) {
    for (const problem of error.problems) log.error(formatProblem(problem));
    return error.exitCode;
  }
  if (error instanceof Interrupted) {
    log.warn(error.message);
    return error.exitCode;
  }
  if (error instanceof ExpectedError) {
    log.error(formatProblem(error.toProblem()));
    return exitCodes.failed;
  }
  logBug(error, 'pstrace', log);
  return exitCodes.bug;
}

// Idle connections may stay open for seconds; the command is done now.
void main(process.argv.slice(2)).then((code) => process.exit(code));
