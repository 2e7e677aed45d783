import { CommanderError } from 'commander';
import { ExpectedError } from '../lib/errors.ts';
import { exitCodes } from '../lib/exitCodes.ts';
import { Interrupted } from '../lib/interrupt.ts';
import type { Log } from '../lib/log.ts';
import { UsageError } from '../lib/usageError.ts';
import { version } from '../lib/version.ts';
import { formatProblem, logBug } from '../pipeline/problems.ts';
import type { Session } from '../pipeline/session.ts';
import { createAlertActions } from './alertActions.ts';
import { limitHeapGrowth } from './heapLimit.ts';
import type { CommonOptions } from './options.ts';
import { createProgram } from './program.ts';
import { openSession } from './session.ts';
import { loadSiteConfig, root } from './siteConfig.ts';
import { resolveUntil } from './untilOption.ts';

/** Runs the command line; the exit code. Nothing else catches what no one expects. */
async function main(args: readonly string[]): Promise<number> {
  limitHeapGrowth();
  let code: number = exitCodes.ok;
  const runInSession = async (
    options: CommonOptions,
    work: (session: Session) => Promise<number>,
  ) => {
    code = await withSession(options, work);
  };
  // A command loads its own code when it is called: half of a start would go into what the others need.
  const program = createProgram(version, {
    run: (operands, options) =>
      runInSession(options, async (session) => {
        const [{ createRunJob }, { run, dryRun }] = await Promise.all([
          import('../pipeline/job.ts'),
          import('../pipeline/run.ts'),
        ]);
        const job = createRunJob(operands, options, session);
        return options.dryRun ? dryRun(job, session) : run(job, session);
      }),
    render: (period, options) =>
      runInSession(options, async (session) => {
        const until = resolveUntil(options, session.now);
        const config = loadSiteConfig(options);
        const { render } = await import('../pipeline/publish/render.ts');
        return render(config, { windowSeconds: period ?? null, until }, session);
      }),
    demo: (options) =>
      runInSession(options, async (session) =>
        (await import('../demo/demo.ts')).demo(options, root, session),
      ),
    demoArchive: (options) =>
      runInSession(options, async (session) =>
        (await import('../demo/serveArchive.ts')).serveDemoArchive(options, session),
      ),
    mtr: {
      measure: (file, options) =>
        runInSession(options, async (session) => {
          const { measure } = await import('../monitor/measure.ts');
          return measure(file, loadSiteConfig(options), options, session);
        }),
      monitor: (file, options) =>
        runInSession(options, async (session) => {
          const { monitor } = await import('../monitor/monitor.ts');
          return monitor(file, loadSiteConfig(options), options, session);
        }),
      import: (files, options) =>
        runInSession(options, async (session) => {
          const { importFiles } = await import('../pipeline/collect/importFiles.ts');
          return importFiles(files, loadSiteConfig(options), options, session);
        }),
    },
    alerts: createAlertActions(runInSession),
    db: {
      check: (options) =>
        runInSession(options, async (session) =>
          (await import('../pipeline/operator/database.ts')).checkDatabase(
            loadSiteConfig(options).state,
            session,
          ),
        ),
      vacuum: (options) =>
        runInSession(options, async (session) =>
          (await import('../pipeline/operator/database.ts')).vacuumDatabase(
            loadSiteConfig(options).state,
            session,
          ),
        ),
      backup: (file, options) =>
        runInSession(options, async (session) =>
          (await import('../pipeline/operator/database.ts')).backupDatabase(
            loadSiteConfig(options).state,
            file,
            session,
          ),
        ),
      export: (file, options) =>
        runInSession(options, async (session) =>
          (await import('../pipeline/operator/exportDatabase.ts')).exportDatabase(
            loadSiteConfig(options).state,
            file,
            session,
          ),
        ),
      import: (file, options) =>
        runInSession(options, async (session) =>
          (await import('../pipeline/operator/importDatabase.ts')).importDatabase(
            loadSiteConfig(options).state,
            file,
            session,
          ),
        ),
    },
  });
  try {
    await program.parseAsync(args, { from: 'user' });
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
  const session = openSession(options);
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

/** Says why a command ended early; the exit code. */
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

// Connections may linger for seconds after the last answer; the command is over now.
void main(process.argv.slice(2)).then((code) => process.exit(code));
