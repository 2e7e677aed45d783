import type { Problem } from '../../model/run/problem.ts';
import type { Responder, Trace } from '../../model/trace/trace.ts';
import { daySeconds } from '../../model/values/time.ts';
import type { Store } from '../../store/store.ts';

/** Addresses that an archive may bring at once: a mesh of 10,000 tests has about as many. */
const maxNewAddresses = 50_000;
/** Further addresses that it may bring every day: routes change. */
const newAddressesPerDay = 2000;

/** Results of one test with the addresses in them. */
interface AddressedTraces {
  readonly traces: readonly Trace[];
  readonly responders: ReadonlyMap<string, Responder>;
}

/** The addresses that one archive may add to the store. */
export interface AddressBudget {
  /** The results without those traces whose new addresses exceed the budget. */
  admit<Batch extends AddressedTraces>(batch: Batch): Batch;
  /** Records the rest for the next run. */
  save(): void;
  /** One problem for all traces that were left out; empty for none. */
  problems(): Problem[];
}

/** The addresses that are left, as of a moment (epoch seconds). */
interface SavedBudget {
  readonly left: number;
  readonly at: number;
}

/**
 * The budget of an archive. Every run loads all addresses, so an archive that makes some up would
 * otherwise cost all others their time and memory. `now`: epoch seconds.
 */
export function createAddressBudget(
  archive: string,
  { detectionStates, hasResponder }: Pick<Store, 'detectionStates' | 'hasResponder'>,
  now: number,
): AddressBudget {
  const name = `addresses ${archive}`;
  const saved = detectionStates.meshState(name) as SavedBudget | null;
  let left = saved === null ? maxNewAddresses : refill(saved, now);
  let ignored = 0;
  return {
    admit(batch) {
      const unknown = [...batch.responders.keys()].filter((address) => !hasResponder(address));
      const admitted = new Set(unknown.slice(0, left));
      left -= admitted.size;
      if (admitted.size === unknown.length) return batch;
      const refused = new Set(unknown.slice(admitted.size));
      const traces = batch.traces.filter(
        ({ route }) => !route.hops.some((hop) => hop.addresses.some((each) => refused.has(each))),
      );
      ignored += batch.traces.length - traces.length;
      const known = [...batch.responders].filter(([address]) => !refused.has(address));
      return { ...batch, traces, responders: new Map(known) };
    },
    save() {
      if (left < maxNewAddresses) detectionStates.setMeshState(name, { left, at: now });
    },
    problems: () => (ignored === 0 ? [] : [spentProblem(archive, ignored)]),
  };
}

/** The budget after some time. A clock that was ahead adds nothing. */
function refill({ left, at }: SavedBudget, now: number): number {
  const days = Math.max(0, now - at) / daySeconds;
  return Math.floor(Math.min(maxNewAddresses, left + days * newAddressesPerDay));
}

function spentProblem(subject: string, ignored: number): Problem {
  return {
    kind: 'invalid-response',
    subject,
    message: `The archive has sent more than ${maxNewAddresses} new addresses. Ignored results with further ones: ${ignored}.`,
    remedy: `It may bring ${newAddressesPerDay} more every day.`,
  };
}
