import { identifyDevice } from '../../analysis/detection/identity/deviceIdentity.ts';
import type { IncidentState } from '../../analysis/detection/incidents/incidents.ts';
import { linkSubnet } from '../../model/addressPrefix.ts';
import type { Responder } from '../../model/trace.ts';
import type { Store } from '../../store/store.ts';
import type { StoredTest } from '../../store/traces/tests.ts';

/**
 * Finds the devices and links that answer in the newest traces of the tests of an incident that
 * miss their destination, by the names of `Evidence`.
 */
export function createAnswerFinder(
  store: Pick<Store, 'traces' | 'responders'>,
  tests: ReadonlyMap<string, StoredTest>,
): (incident: IncidentState) => ReadonlySet<string> {
  let responders: ReadonlyMap<string, Responder> | null = null;
  const elementsAt = (address: string): string[] => {
    responders ??= store.responders();
    const { router } = identifyDevice(responders.get(address), address);
    return [router ?? address, linkSubnet(address)];
  };
  const newestAddresses = (id: string): string[] => {
    const to = tests.get(id)?.newestTraceAt ?? null;
    const traces = to === null ? [] : store.traces(id, { from: to - 1, to });
    return traces.at(-1)?.route.hops.flatMap(({ addresses }) => addresses) ?? [];
  };
  return ({ members }) => {
    const missed = members.filter(
      (member) => member.class === 'unreachable' && member.closedAt === null,
    );
    const ids = new Set(missed.map(({ testId }) => testId));
    const addresses = new Set([...ids].flatMap(newestAddresses));
    return new Set([...addresses].flatMap(elementsAt));
  };
}
