import { CommanderError } from 'commander';
import { ExpectedError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { version } from '../lib/version.ts';
import { backupDatabase, checkDatabase, vacuumDatabase } from './db.ts';
import { exportDatabase } from './dbExport.ts';
import { importDatabase } from './dbImport.ts';
import { demo } from './demo.ts';
import { demoArchive } from './demoArchive.ts';
import { exitCodes } from './exitCodes.ts';
import { importFiles } from './importFiles.ts';
import { Interrupted } from './interrupt.ts';
import { pastMoment, runJob } from './job.ts';
import { measure } from './measure.ts';
import type { LogOptions } from './options.ts';
import { logBug, sentence } from './problems.ts';
import { createProgram } from './program.ts';
import { Refusal } from './refusal.ts';
import { render } from './render.ts';
import { run } from './run.ts';
import { openSession, type Session } from './session.ts';
import { root, siteConfig } from './settings.ts';

/** Runs the command line; the exit code. Nothing else catches what no one expects. */
async function main(args: readonly string[]): Promise<number> {
  let code: number = exitCodes.good;
  const session = async (options: LogOptions, work: (session: Session) => Promise<number>) => {
    code = await inSession(options, work);
  };
  const program = createProgram(version, {
    run: (operands, options) =>
      session(options, async (at) => run(runJob(operands, options, at), at)),
    render: (period, options) =>
      session(options, async (at) => {
        const until = pastMoment(options, at.now);
        return render(siteConfig(options), { periodSeconds: period ?? null, until }, at);
      }),
    demo: (options) => session(options, (at) => demo(options, root, at)),
    demoArchive: (options) => session(options, (at) => demoArchive(options, at)),
    mtr: {
      measure: (file, options) =>
        session(options, async (at) => measure(file, siteConfig(options), options, at)),
      import: (files, options) =>
        session(options, async (at) => importFiles(files, siteConfig(options), options, at)),
    },
    db: {
      check: (options) => session(options, (at) => checkDatabase(siteConfig(options).state, at)),
      vacuum: (options) => session(options, (at) => vacuumDatabase(siteConfig(options).state, at)),
      backup: (file, options) =>
        session(options, (at) => backupDatabase(siteConfig(options).state, file, at)),
      export: (file, options) =>
        session(options, (at) => exportDatabase(siteConfig(options).state, file, at)),
      import: (file, options) =>
        session(options, (at) => importDatabase(siteConfig(options).state, file, at)),
    },
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.good : exitCodes.usage;
  }
  return code;
}

async function inSession(
  options: LogOptions,
  work: (session: Session) => Promise<number>,
): Promise<number> {
  const session = openSession(options);
  const dieOfBug = (error: unknown) => {
    session.progress.stop();
    process.exit(failed(error, session.log));
  };
  process.on('uncaughtException', dieOfBug);
  try {
    return await work(session);
  } catch (error) {
    return failed(error, session.log);
  } finally {
    session.progress.stop();
  }
}

/** Says why a command ended early; the exit code. */
function failed(error: unknown, log: Log): number {
  if (error instanceof Refusal) {
    for (const problem of error.problems) log.error(sentence(problem));
    return error.exitCode;
  }
  if (error instanceof Interrupted) {
    log.warn(error.message);
    return error.exitCode;
  }
  if (error instanceof ExpectedError) {
    log.error(sentence(error.toProblem()));
    return exitCodes.nothing;
  }
  logBug(error, 'pstrace', log);
  return exitCodes.bug;
}

// Connections may linger for seconds after the last answer; the command is over now.
process.exit(await main(process.argv.slice(2)));
