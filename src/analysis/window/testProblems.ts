import type { Problem } from '../../model/run/problem.ts';
import type { Family, Test } from '../../model/test/test.ts';
import { familyOf } from '../../model/trace/addressKinds.ts';
import { lastReplyingHop, type Trace } from '../../model/trace/trace.ts';

/** Family over which the newest trace with a reply ran; null for none. */
export function familyOfTraces(traces: readonly Trace[]): Family | null {
  for (const { route } of traces.toReversed()) {
    const [address] = lastReplyingHop(route)?.addresses ?? [];
    if (address !== undefined) return familyOf(address);
  }
  return null;
}

/**
 * The problem of a test that is listed with addresses of one family while its traces run over the
 * other; null where there is none.
 */
export function familyMismatchProblem(test: Test, traces: readonly Trace[]): Problem | null {
  const family = familyOfTraces(traces);
  const listed = test.destination.address ?? test.source.address;
  const expected = listed === null ? test.family : familyOf(listed);
  if (family === null || family === expected) return null;
  return {
    kind: 'invalid-response',
    subject: test.id,
    message:
      `Label and traces disagree: the archive lists the pair with IPv${expected} addresses, but ` +
      `its traces run over IPv${family}. RTT, loss and MTU are those of IPv${family}.`,
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
