import type { Change } from '../../model/change.ts';
import { pluralize } from '../../model/format.ts';
import type { Incident } from '../../model/incident.ts';
import { suspectName } from '../../model/suspectText.ts';
import type { Endpoint } from '../../model/test.ts';
import { endpointText, pairText, type TestEnds } from '../../model/testText.ts';
import type { Responder } from '../../model/trace.ts';
import type { RecipientView } from '../routing/notificationPlan.ts';
import type { MessageData } from './messageData.ts';

/** The end of a test that a suspected host is, by its name or address. */
export function suspectedEnd(
  { kind, name }: Incident['suspect'],
  tests: Iterable<TestEnds>,
): Endpoint | null {
  if (kind !== 'host' && kind !== 'source' && kind !== 'destination') return null;
  for (const { source, destination } of tests)
    for (const end of [source, destination])
      if (end.name === name || end.address === name) return end;
  return null;
}

/** `12 tests`; `12 IPv6 tests` where the others of the mesh that are IPv4 have been spared, and the other way round. */
export function testsText(
  { tests: ids }: Pick<RecipientView, 'tests'>,
  { tests }: MessageData,
): string {
  const families = new Set(ids.flatMap((id) => tests.get(id)?.family ?? []));
  const isMixed = new Set([...tests.values()].map(({ family }) => family)).size > 1;
  const [only] = families;
  return pluralize(ids.length, isMixed && families.size === 1 ? `IPv${only} test` : 'test');
}

/** The changes that a recipient hears of, in the order of the incident's members. */
export function changesOf(
  { members }: RecipientView,
  { changes }: Pick<MessageData, 'changes'>,
): Change[] {
  return members.flatMap(({ changeId }) => changes.get(changeId) ?? []);
}

/**
 * What is thought to be the cause, in a few words: `link cr1.ams – cr1.fra (AS64500)`, `destination Site B`. Where nothing
 * is suspected, the pair if there is only one; '' otherwise.
 */
export function suspectText(view: RecipientView, data: MessageData): string {
  const { kind, name } = view.incident.suspect;
  const changes = changesOf(view, data);
  if (kind === 'unknown') return onlyPair(view, data);
  if (kind !== 'link' && kind !== 'router') {
    const end = suspectedEnd(view.incident.suspect, data.tests.values());
    return `${kind} ${end === null ? name : endpointText(end)}`;
  }
  const ends = kind === 'link' ? changes.map((change) => endsOfLink(name, change)) : [];
  const linkOrRouterName = ends.find((each) => each !== null)?.join(' – ') ?? suspectName(name);
  const asn = suspectedAsn(name, changes, data.responders);
  return `${kind} ${linkOrRouterName}${asn === null ? '' : ` (AS${asn})`}`;
}

/** The devices at the ends of a link that a change went away from, or behind which times rose; null for another change. */
function endsOfLink(name: string, { evidence }: Change): readonly string[] | null {
  if (!evidence.removedLinks.includes(name)) return null;
  const { edge, adjacent = [] } = evidence;
  return edge ?? (adjacent.length === 2 ? adjacent : null);
}

function onlyPair({ tests }: RecipientView, { tests: knownTests }: MessageData): string {
  const pairs = new Set(tests.flatMap((id) => knownTests.get(id) ?? []).map(pairText));
  const [first, ...others] = pairs;
  return first !== undefined && others.length === 0 ? first : '';
}

/** The AS of a suspected device or link, told from the addresses that went away. */
function suspectedAsn(
  name: string,
  changes: readonly Change[],
  responders: ReadonlyMap<string, Responder>,
): number | null {
  for (const { route, evidence } of changes) {
    const removedHops = route.filter(({ mark }) => mark === 'removed' || mark === 'replaced');
    for (const address of removedHops.flatMap(({ before }) => before)) {
      const responder = responders.get(address);
      const isOwnAddress =
        address === name || responder?.hostname?.toLowerCase().endsWith(name) === true;
      if (isOwnAddress || evidence.removedLinks.includes(name)) {
        const asn = responder?.asn ?? null;
        if (asn !== null) return asn;
      }
    }
  }
  return null;
}
