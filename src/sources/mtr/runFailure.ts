import type { ChildResult } from '../../lib/childProcess.ts';
import { type ForeignText, foreignText } from '../../model/run/foreignText.ts';
import type { Problem, ProblemKind } from '../../model/run/problem.ts';

/**
 * Why a run has no trace: the error, in words of pstrace, those of the program, and a remedy for
 * the administrator.
 */
export interface RunFailure {
  readonly kind: ProblemKind;
  readonly error: string;
  readonly remedy: string | null;
  readonly detail?: ForeignText | null;
}

/** The problem of a target whose run failed. */
export function problemOf(host: string, { kind, error, remedy, detail }: RunFailure): Problem {
  return { kind, subject: host, message: error, remedy, ...(detail && { detail }) };
}

const installRemedy =
  'Install mtr (Debian and Ubuntu: apt-get install mtr-tiny; RHEL: dnf install mtr).';
const packetRemedy = 'Permit it: setcap cap_net_raw+ep "$(command -v mtr-packet)", or run as root.';

/** Meanings of mtr's error messages; the first match counts. */
const stderrPatterns: readonly (readonly [pattern: RegExp, failure: RunFailure])[] = [
  [
    /mtr-packet:.*(Permission denied|Operation not permitted)|(Permission|Operation not permitted).*mtr-packet/s,
    {
      kind: 'misconfigured',
      error: 'mtr-packet is not permitted to open sockets',
      remedy: packetRemedy,
    },
  ],
  [
    /Failure to start mtr-packet/,
    { kind: 'misconfigured', error: 'mtr cannot start mtr-packet', remedy: installRemedy },
  ],
  [
    /Network is unreachable|No route to host/i,
    {
      kind: 'unreachable',
      error: 'this host has no route to the target',
      remedy: 'Check the interfaces and the default route of this host, for this address family.',
    },
  ],
  [
    /interval (<|less than) 1|non-root users/i,
    {
      kind: 'misconfigured',
      error: 'mtr lets only root send more than one probe a second',
      remedy: 'Set probe_interval to 1s or more, or run as root.',
    },
  ],
];

/** Why mtr gave no result; null if it succeeded. */
export function failureOf(
  { outcome, exitCode, stderr }: ChildResult,
  limitSeconds: number,
): RunFailure | null {
  if (outcome === 'notFound' || outcome === 'notPermitted') {
    const error =
      outcome === 'notFound' ? 'mtr is not installed' : 'pstrace is not permitted to execute mtr';
    return { kind: 'misconfigured', error, remedy: installRemedy };
  }
  if (outcome === 'timedOut') {
    const error = `mtr did not finish within ${limitSeconds} s`;
    const remedy = 'Send fewer packets, or allow more time.';
    return { kind: 'unreachable', error, remedy };
  }
  if (exitCode === 0) return null;
  const known = stderrPatterns.find(([pattern]) => pattern.test(stderr));
  if (known !== undefined) return known[1];
  const how = exitCode === null ? 'was killed' : `exited with code ${exitCode}`;
  return {
    kind: 'misconfigured',
    error: `mtr ${how}`,
    remedy: 'Run the same mtr command by hand.',
    detail: foreignText(stderr),
  };
}

/** The failure of a run without replies. */
export function noReplyFailure(error: string): RunFailure {
  return {
    kind: 'unreachable',
    error,
    remedy:
      'Check the network of this host, and whether its firewall permits the probes and incoming ICMP; try another protocol.',
  };
}
