import { listenForSignals } from '../lib/interrupt.ts';
import type { Session } from '../pipeline/session.ts';
import { reportFailure, runCommandLine } from './commandLine.ts';
import { limitHeapGrowth } from './heapLimit.ts';
import type { CommonOptions } from './options.ts';
import { openSession } from './session.ts';

/** The session of this process. An error that no command catches is a bug and ends the process. */
async function openProcessSession(options: CommonOptions): Promise<Session> {
  const { stdout, stderr, env } = process;
  const session = await openSession(options, { stdout, stderr, env, signal: listenForSignals() });
  process.on('uncaughtException', (error) => {
    session.progress.stop();
    process.exit(reportFailure(error, session.log));
  });
  return session;
}

limitHeapGrowth();
// Idle connections may stay open for seconds; the command is done now.
void runCommandLine(process.argv.slice(2), { openSession: openProcessSession }).then((code) =>
  process.exit(code),
);
