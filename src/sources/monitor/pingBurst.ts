import { type ChildResult, runChild } from '../../lib/childProcess.ts';
import { cleanText } from '../../lib/text.ts';
import { computeStatistics, createPingReader, type PingStatistics } from './pingOutput.ts';

/** The pings of a burst. */
export interface PingPlan {
  readonly pings: number;
  /** Payload of each ping, bytes; below 16, ping reports no times. */
  readonly payloadBytes: number;
  readonly pingIntervalSeconds: number;
}

/** The program and its environment. */
export interface PingProgram {
  /** A program name, or a file. */
  readonly command: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Terminates the program when it is aborted. */
  readonly signal: AbortSignal;
}

/** The statistics of a burst, or its failure. */
export type PingResult =
  | { readonly statistics: PingStatistics; readonly failure: null }
  | { readonly statistics: null; readonly failure: PingFailure };

/** Why ping failed, and what the administrator can do. */
export interface PingFailure {
  readonly error: string;
  readonly remedy: string;
}

/** The shortest interval that old versions of ping permit without privileges. */
const oldIntervalSeconds = 0.2;
/** Wait for the last reply. */
const replyTimeoutSeconds = 2;
/** Time for ping to start and to resolve. */
const startupSeconds = 5;

/**
 * Sends a burst of ICMP echo requests by the system's ping, which needs no privileges, and counts
 * each reply once. Throws the reason of an aborted signal.
 */
export async function pingBurst(
  address: string,
  plan: PingPlan,
  program: PingProgram,
): Promise<PingResult> {
  const burst = await runPing(address, plan, program);
  const isTooFast = burst.failure !== null && /minimal interval|flood/.test(burst.failure.error);
  if (!isTooFast) return burst;
  return runPing(address, { ...plan, pingIntervalSeconds: oldIntervalSeconds }, program);
}

async function runPing(
  address: string,
  { pings, payloadBytes, pingIntervalSeconds }: PingPlan,
  { command, environment, signal }: PingProgram,
): Promise<PingResult> {
  const limitSeconds =
    Math.ceil(pings * pingIntervalSeconds + replyTimeoutSeconds) + startupSeconds;
  const reader = createPingReader();
  const end = await runChild({
    command,
    arguments: [
      '-n',
      '-c',
      String(pings),
      '-i',
      String(pingIntervalSeconds),
      '-s',
      String(payloadBytes),
      '-W',
      String(replyTimeoutSeconds),
      '--',
      address,
    ],
    environment: { PATH: `${environment.PATH || '/usr/bin:/bin'}:/usr/sbin:/sbin`, LC_ALL: 'C' },
    limitSeconds,
    signal,
    read: reader.read,
  });
  const failure = failureOf(end);
  if (failure !== null) return { statistics: null, failure };
  return { statistics: computeStatistics(pings, reader.repliesMs()), failure: null };
}

const installRemedy =
  'Install it (Debian and Ubuntu: apt-get install iputils-ping; RHEL: dnf install iputils).';

/** ping exits with 0 after a reply, with 1 without one, and with 2 for any error. */
function failureOf({ outcome, exitCode, stderr }: ChildResult): PingFailure | null {
  if (outcome === 'notFound') return { error: 'ping is not installed', remedy: installRemedy };
  if (outcome === 'notPermitted')
    return { error: 'pstrace is not permitted to execute ping', remedy: installRemedy };
  if (exitCode === 0 || (exitCode === 1 && stderr === '')) return null;
  // After a timeout, the replies so far count.
  if (outcome === 'timedOut') return null;
  const errorText = cleanText(stderr, 200);
  const how = errorText === null ? `exited with code ${exitCode}` : `reports: ${errorText}`;
  return { error: `ping ${how}`, remedy: 'Run the same ping command by hand.' };
}
