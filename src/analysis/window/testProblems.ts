import type { Problem } from '../../model/problem.ts';
import type { Family, Test } from '../../model/test.ts';
import type { Trace } from '../../model/trace.ts';

/** Family of the addresses that answered; null for none, and where both families occur. */
export function familyOfAddresses(addresses: Iterable<string>): Family | null {
  const families = new Set<Family>();
  for (const address of addresses) families.add(address.includes(':') ? 6 : 4);
  const [family = null] = families;
  return families.size === 1 ? family : null;
}

/**
 * The problem of a test that is listed with addresses of one family while its traces ran over the
 * other; null where there is none.
 */
export function familyMismatchProblem(test: Test, family: Family | null): Problem | null {
  const listed = test.destination.address ?? test.source.address;
  const expected = listed === null ? test.family : listed.includes(':') ? 6 : 4;
  if (family === null || family === expected) return null;
  return {
    kind: 'invalid-response',
    subject: test.id,
    message:
      `The archive lists the pair with IPv${expected} addresses, but the hops of its traces are ` +
      `IPv${family}; it is unknown whether they reached the destination.`,
    remedy: 'Set ip-version in the test definition, so that the tool and the archive agree.',
  };
}

/** Runs of one host are further apart than this, seconds. */
const sameMomentSeconds = 30;

function firstHopAddresses({ route }: Trace): readonly string[] {
  return route.hops[0]?.addresses ?? [];
}

/**
 * The problem of traces of two hosts under one key; null where there is none. At least twice, two
 * traces less than 30 s apart enter the network through different first hops. perfSONAR 5 derives
 * the key before it knows the observer.
 */
export function sharedKeyProblem(test: Test, traces: readonly Trace[]): Problem | null {
  const clashes = traces.filter((trace, i) => {
    const before = traces[i - 1];
    if (before === undefined || trace.startedAt - before.startedAt > sameMomentSeconds)
      return false;
    const one = firstHopAddresses(before);
    const other = firstHopAddresses(trace);
    return one.length > 0 && other.length > 0 && !one.some((address) => other.includes(address));
  }).length;
  if (clashes < 2) return null;
  return {
    kind: 'invalid-response',
    subject: test.id,
    message:
      `${clashes} times, two traces less than ${sameMomentSeconds} s apart have different first ` +
      'hops: two hosts seem to share this metadata key.',
    remedy: 'Give the test specification an explicit source on each host.',
  };
}
