import { type ChildResult, runChild } from '../../lib/childProcess.ts';
import { cleanText } from '../../lib/text.ts';
import { computeStatistics, createPingReader, type PingStatistics } from './pingOutput.ts';

/** What is sent. */
export interface PingPlan {
  readonly pings: number;
  /** Bytes of data in each; below 16 ping tells no times. */
  readonly payloadBytes: number;
}

/** The program and its surroundings. */
export interface PingProgram {
  /** A name to look for on the path, or a file. */
  readonly command: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Ends the program when it is aborted. */
  readonly signal: AbortSignal;
}

/** What a burst brought, or why there was none. */
export type PingResult =
  | { readonly statistics: PingStatistics; readonly failure: null }
  | { readonly statistics: null; readonly failure: PingFailure };

/** Why nothing was sent, and what the administrator can do. */
export interface PingFailure {
  readonly error: string;
  readonly remedy: string;
}

/** Between two pings; the shortest that every version of ping allows everyone. */
const pingIntervalSeconds = 0.2;
/** For the last reply. */
const replyTimeoutSeconds = 2;

/**
 * Sends a burst of ICMP echo requests by the system's own ping, which may send them wherever mtr may not, and counts each reply
 * once. Throws the reason of the signal when it is aborted.
 */
export async function pingBurst(
  address: string,
  { pings, payloadBytes }: PingPlan,
  { command, environment, signal }: PingProgram,
): Promise<PingResult> {
  const limitSeconds = Math.ceil(pings * pingIntervalSeconds + replyTimeoutSeconds) + 5;
  const reader = createPingReader();
  const end = await runChild({
    command,
    arguments: [
      ...['-n', '-c', String(pings), '-i', String(pingIntervalSeconds)],
      ...['-s', String(payloadBytes), '-W', String(replyTimeoutSeconds), '--', address],
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

/** ping ends with 0 when a reply came, with 1 when none did, and with 2 for everything else. */
function failureOf({ outcome, exitCode, stderr }: ChildResult): PingFailure | null {
  if (outcome === 'missing') return { error: 'ping is not installed', remedy: installRemedy };
  if (outcome === 'forbidden') return { error: 'ping may not be executed', remedy: installRemedy };
  if (exitCode === 0 || (exitCode === 1 && stderr === '')) return null;
  // The time was up: what has come counts.
  if (outcome === 'late') return null;
  const errorText = cleanText(stderr, 200);
  const how = errorText === null ? `ended with exit code ${exitCode}` : `says: ${errorText}`;
  return { error: `ping ${how}`, remedy: 'Try the same ping by hand.' };
}
