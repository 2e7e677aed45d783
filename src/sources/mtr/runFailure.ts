import type { ChildResult } from '../../lib/childProcess.ts';
import { cleanText } from '../../lib/text.ts';
import type { Problem, ProblemKind } from '../../model/problem.ts';

/** Why there is no trace: what is recorded of the run, and what the administrator can do. */
export interface RunFailure {
  readonly kind: ProblemKind;
  readonly error: string;
  readonly remedy: string | null;
}

/** A failed run as a problem of its target. */
export function problemOf(host: string, { kind, error, remedy }: RunFailure): Problem {
  return { kind, subject: host, message: error, remedy };
}

const installRemedy =
  'Install mtr (Debian and Ubuntu: apt-get install mtr-tiny; RHEL: dnf install mtr).';
const packetRemedy =
  'Let it send: setcap cap_net_raw+ep "$(command -v mtr-packet)", or run as root.';

/** What mtr's complaints mean, in the order in which they are looked for. */
const stderrPatterns: readonly (readonly [pattern: RegExp, failure: RunFailure])[] = [
  [
    /mtr-packet:.*(Permission denied|Operation not permitted)|(Permission|Operation not permitted).*mtr-packet/s,
    { kind: 'misconfigured', error: 'mtr-packet may not open sockets', remedy: packetRemedy },
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
      error: 'mtr lets only root send more often than once a second',
      remedy: 'Set probe_interval to 1s or more, or run as root.',
    },
  ],
];

/** Why mtr gave no result; null when it ended well. */
export function failureOf(
  { outcome, exitCode, stderr }: ChildResult,
  limitSeconds: number,
): RunFailure | null {
  if (outcome === 'missing' || outcome === 'forbidden') {
    const error = outcome === 'missing' ? 'mtr is not installed' : 'mtr may not be executed';
    return { kind: 'misconfigured', error, remedy: installRemedy };
  }
  if (outcome === 'late') {
    const error = `mtr did not end within ${limitSeconds} s`;
    const remedy = 'Send fewer packets, or allow more time.';
    return { kind: 'unreachable', error, remedy };
  }
  if (exitCode === 0) return null;
  const known = stderrPatterns.find(([pattern]) => pattern.test(stderr));
  if (known !== undefined) return known[1];
  const errorText = cleanText(stderr, 200);
  const how = exitCode === null ? 'was killed' : `ended with exit code ${exitCode}`;
  const error = errorText === null ? `mtr ${how} without a word` : `mtr ${how}: ${errorText}`;
  return { kind: 'misconfigured', error, remedy: 'Try the same mtr command by hand.' };
}

/** A run in which no probe was answered. */
export function noReplyFailure(error: string): RunFailure {
  return {
    kind: 'unreachable',
    error,
    remedy:
      'Check the network of this host and whether a firewall lets the probes out and ICMP in; try another protocol.',
  };
}
