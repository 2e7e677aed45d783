import { CommanderError } from 'commander';
import { ExpectedError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { version } from '../lib/version.ts';
import { alertActions } from './alertActions.ts';
import { exitCodes } from './exitCodes.ts';
import { Interrupted } from './interrupt.ts';
import type { LogOptions } from './options.ts';
import { pastMoment } from './pastMoment.ts';
import { logBug, sentence } from './problems.ts';
import { createProgram } from './program.ts';
import { Refusal } from './refusal.ts';
import { openSession, type Session } from './session.ts';
import { root, siteConfig } from './settings.ts';
import { keepHeapSmall } from './smallHeap.ts';

/** Runs the command line; the exit code. Nothing else catches what no one expects. */
async function main(args: readonly string[]): Promise<number> {
  keepHeapSmall();
  let code: number = exitCodes.good;
  const session = async (options: LogOptions, work: (session: Session) => Promise<number>) => {
    code = await inSession(options, work);
  };
  // A command loads its own code when it is called: half of a start would go into what the others need.
  const program = createProgram(version, {
    run: (operands, options) =>
      session(options, async (at) => {
        const [{ runJob }, { run }] = await Promise.all([import('./job.ts'), import('./run.ts')]);
        return run(runJob(operands, options, at), at);
      }),
    render: (period, options) =>
      session(options, async (at) => {
        const until = pastMoment(options, at.now);
        const config = siteConfig(options);
        const { render } = await import('./render.ts');
        return render(config, { periodSeconds: period ?? null, until }, at);
      }),
    demo: (options) =>
      session(options, async (at) => (await import('./demo.ts')).demo(options, root, at)),
    demoArchive: (options) =>
      session(options, async (at) => (await import('./demoArchive.ts')).demoArchive(options, at)),
    mtr: {
      measure: (file, options) =>
        session(options, async (at) => {
          const { measure } = await import('./measure.ts');
          return measure(file, siteConfig(options), options, at);
        }),
      monitor: (file, options) =>
        session(options, async (at) => {
          const { monitor } = await import('./monitor.ts');
          return monitor(file, siteConfig(options), options, at);
        }),
      import: (files, options) =>
        session(options, async (at) => {
          const { importFiles } = await import('./importFiles.ts');
          return importFiles(files, siteConfig(options), options, at);
        }),
    },
    alerts: alertActions(session),
    db: {
      check: (options) =>
        session(options, async (at) =>
          (await import('./db.ts')).checkDatabase(siteConfig(options).state, at),
        ),
      vacuum: (options) =>
        session(options, async (at) =>
          (await import('./db.ts')).vacuumDatabase(siteConfig(options).state, at),
        ),
      backup: (file, options) =>
        session(options, async (at) =>
          (await import('./db.ts')).backupDatabase(siteConfig(options).state, file, at),
        ),
      export: (file, options) =>
        session(options, async (at) =>
          (await import('./dbExport.ts')).exportDatabase(siteConfig(options).state, file, at),
        ),
      import: (file, options) =>
        session(options, async (at) =>
          (await import('./dbImport.ts')).importDatabase(siteConfig(options).state, file, at),
        ),
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
void main(process.argv.slice(2)).then((code) => process.exit(code));
