import { findLinkOffers, type LinkOffer } from '../../analysis/renumberedTests.ts';
import { createHostFinder } from '../../analysis/window/mesh/displayNames.ts';
import { canonicalAddress } from '../../lib/ip.ts';
import type { Problem } from '../../model/run/problem.ts';
import type { MeshPlan } from '../../model/test/meshPlan.ts';
import { type Endpoint, endpointId } from '../../model/test/test.ts';
import { testText } from '../../model/test/testText.ts';
import type { Responder } from '../../model/trace/trace.ts';
import type { KnownTest } from '../knownTests.ts';

/** Pairs of tests of the mesh that may be one, after a host got another address. */
export function linkOffers(
  tests: readonly KnownTest[],
  responders: ReadonlyMap<string, Responder>,
  plan: MeshPlan | null,
): LinkOffer<KnownTest>[] {
  const hostOf = plan === null ? () => undefined : createHostFinder(plan);
  const namesOf = (end: Endpoint): string[] => {
    const { address, name } = end;
    const own = canonicalAddress(name) === null ? name : null;
    const found = [
      own,
      hostOf(end)?.displayName,
      address === null ? null : responders.get(address)?.hostname,
    ];
    return found.flatMap((each) => each?.toLowerCase().replace(/\.$/, '') ?? []);
  };
  return findLinkOffers(
    tests.filter(({ retired }) => retired === null),
    namesOf,
  );
}

/** The offers as warnings of a run. */
export function offerProblems(...input: Parameters<typeof linkOffers>): Problem[] {
  return linkOffers(...input).map(({ from, into }) => ({
    kind: 'misconfigured',
    subject: into.id,
    message: `${testText(into)} may be ${testText(from)} under another address: ${offerText(from, into)}.`,
    remedy: `If it is, run: pstrace tests link ${from.id} ${into.id}`,
  }));
}

/** `192.0.2.81 > 198.51.100.9 ended when 192.0.2.91 > 198.51.100.9 began`. */
export function offerText(from: KnownTest, into: KnownTest): string {
  const ends = ({ source, destination }: KnownTest) =>
    `${endpointId(source)} > ${endpointId(destination)}`;
  return `${ends(from)} ended when ${ends(into)} began`;
}
