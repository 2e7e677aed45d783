import { identifyDevice } from '../../analysis/detection/identity/deviceIdentity.ts';
import type { IncidentState } from '../../analysis/detection/incidents/incidents.ts';
import { linkSubnet } from '../../model/trace/addressPrefix.ts';
import type { KnownResponders } from '../../model/trace/knownResponders.ts';
import type { Store } from '../../store/store.ts';
import type { StoredTest } from '../../store/traces/storedTest.ts';

/**
 * Finds the devices and links that answer in the newest traces of the tests of an incident that
 * miss their destination, by the names of `Evidence`.
 */
export function createAnswerFinder(
  store: Pick<Store, 'traces' | 'responders'>,
  tests: ReadonlyMap<string, StoredTest>,
): (incident: IncidentState) => ReadonlySet<string> {
  let responders: KnownResponders | null = null;
  const newestElements = (id: string): string[] => {
    const test = tests.get(id);
    const to = test?.newestTraceAt ?? null;
    if (test === undefined || to === null) return [];
    responders ??= store.responders();
    const known = responders.of([test]);
    const hops = store.traces(id, { from: to - 1, to }).at(-1)?.route.hops ?? [];
    return hops
      .flatMap(({ addresses }) => addresses)
      .flatMap((address) => {
        const { router } = identifyDevice(known.get(address), address);
        return [router ?? address, linkSubnet(address)];
      });
  };
  return ({ members }) => {
    const missed = members.filter(
      (member) => member.class === 'unreachable' && member.closedAt === null,
    );
    const ids = new Set(missed.map(({ testId }) => testId));
    return new Set([...ids].flatMap(newestElements));
  };
}
