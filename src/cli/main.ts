import { setImmediate } from 'node:timers/promises';
import { exitCodes } from '../lib/exitCodes.ts';
import { listenForSignals } from '../lib/interrupt.ts';
import { surviveOutputFailures } from '../lib/outputStreams.ts';
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
const output = surviveOutputFailures(process);
const code = await runCommandLine(process.argv.slice(2), { openSession: openProcessSession });
// Node.js reports the failure of a write after the current turn of its loop.
await setImmediate();
const failure = output.stdoutFailure();
if (failure !== null) process.stderr.write(`pstrace: error: ${failure}\n`);
// Idle connections may stay open for seconds; the command is done now.
process.exit(failure !== null && code === exitCodes.ok ? exitCodes.failed : code);
