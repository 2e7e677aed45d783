import type { Change } from '../model/change.ts';
import type { Test } from '../model/test.ts';
import type { Responder } from '../model/trace.ts';
import { counted } from './format.ts';
import type { MessageData } from './messageData.ts';
import type { Heard } from './planInput.ts';

/** `host-a → host-b`. */
export function pairText({ source, destination }: Test): string {
  return `${source.name} → ${destination.name}`;
}

/** `host-a → host-b (IPv6, tracepath)`. */
export function testText(test: Test): string {
  return `${pairText(test)} (IPv${test.family}, ${test.tool})`;
}

/** `12 tests`; `12 IPv6 tests` where the others of the mesh that are IPv4 have been spared, and the other way round. */
export function testsText({ tests: ids }: Pick<Heard, 'tests'>, { tests }: MessageData): string {
  const families = new Set(ids.flatMap((id) => tests.get(id)?.family ?? []));
  const isMixed = new Set([...tests.values()].map(({ family }) => family)).size > 1;
  const [only] = families;
  return counted(ids.length, isMixed && families.size === 1 ? `IPv${only} test` : 'test');
}

/** The changes that a recipient hears of, in the order of the incident's members. */
export function changesOf({ members }: Heard, { changes }: Pick<MessageData, 'changes'>): Change[] {
  return members.flatMap(({ changeId }) => changes.get(changeId) ?? []);
}

/**
 * What is thought to be the cause, in a few words: `link cr1.ams – cr1.fra (AS64500)`, `destination host-b`. Where nothing
 * is suspected, the pair if there is only one; '' otherwise.
 */
export function causeText(heard: Heard, data: MessageData): string {
  const { kind, name } = heard.incident.suspect;
  const changes = changesOf(heard, data);
  if (kind === 'unknown') return onlyPair(heard, data);
  if (kind !== 'link' && kind !== 'router') return `${kind} ${name}`;
  const ends = kind === 'link' ? changes.map((change) => endsOfLink(name, change)) : [];
  const what = ends.find((each) => each !== null)?.join(' – ') ?? name;
  const system = systemOf(name, changes, data.responders);
  return `${kind} ${what}${system === null ? '' : ` (AS${system})`}`;
}

/** The devices at the ends of a link that a change went away from, or behind which times rose; null for another change. */
function endsOfLink(name: string, { evidence }: Change): readonly string[] | null {
  if (!evidence.leftLinks.includes(name)) return null;
  const { edge, around = [] } = evidence;
  return edge ?? (around.length === 2 ? around : null);
}

function onlyPair({ tests }: Heard, { tests: known }: MessageData): string {
  const pairs = new Set(tests.flatMap((id) => known.get(id) ?? []).map(pairText));
  const [first, ...others] = pairs;
  return first !== undefined && others.length === 0 ? first : '';
}

/** The AS of a suspected device or link, told from the addresses that went away. */
function systemOf(
  name: string,
  changes: readonly Change[],
  responders: ReadonlyMap<string, Responder>,
): number | null {
  for (const { route, evidence } of changes) {
    const gone = route.filter(({ mark }) => mark === 'removed' || mark === 'replaced');
    for (const address of gone.flatMap(({ before }) => before)) {
      const responder = responders.get(address);
      const own = address === name || responder?.hostname?.toLowerCase().endsWith(name) === true;
      if (own || evidence.leftLinks.includes(name)) {
        const asn = responder?.asn ?? null;
        if (asn !== null) return asn;
      }
    }
  }
  return null;
}
