import type { Change } from '../model/change.ts';
import { elementText } from '../model/elementText.ts';
import type { Incident } from '../model/incident.ts';
import type { Endpoint, Test } from '../model/test.ts';
import type { Responder } from '../model/trace.ts';
import { counted } from './format.ts';
import type { MessageData } from './messageData.ts';
import type { Heard } from './planInput.ts';

type Ends = Pick<Test, 'source' | 'destination'>;

/** `Site A → Site B`: the ends as pages call them, by the names that the administrator gave them, else by those in the network. */
export function pairText({ source, destination }: Ends): string {
  return `${calledOf(source)} → ${calledOf(destination)}`;
}

/**
 * What a ticket needs beside `pairText`: `host-a (192.0.2.1) → 192.0.2.2`, of each end what is not in its name there; '' where
 * nothing is.
 */
export function hostsText({ source, destination }: Ends): string {
  const [from, to] = [hostText(source), hostText(destination)];
  return from === calledOf(source) && to === calledOf(destination) ? '' : `${from} → ${to}`;
}

/** Whether an end is called by another name than its own. */
export function isRenamed({ source, destination }: Ends): boolean {
  return (source.displayName ?? destination.displayName) !== undefined;
}

function calledOf({ displayName, name, address }: Endpoint): string {
  return displayName ?? (name || (address ?? 'unknown'));
}

function hostText({ displayName, name, address }: Endpoint): string {
  if (address === null) return name || 'unknown';
  return displayName === undefined || name === address ? address : `${name} (${address})`;
}

/** The end of a test that a suspected host is, by its name or address. */
export function suspectedEnd(
  { kind, name }: Incident['suspect'],
  tests: Iterable<Ends>,
): Endpoint | null {
  if (kind !== 'host' && kind !== 'source' && kind !== 'destination') return null;
  for (const { source, destination } of tests)
    for (const end of [source, destination])
      if (end.name === name || end.address === name) return end;
  return null;
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
 * What is thought to be the cause, in a few words: `link cr1.ams – cr1.fra (AS64500)`, `destination Site B`. Where nothing
 * is suspected, the pair if there is only one; '' otherwise.
 */
export function causeText(heard: Heard, data: MessageData): string {
  const { kind, name } = heard.incident.suspect;
  const changes = changesOf(heard, data);
  if (kind === 'unknown') return onlyPair(heard, data);
  if (kind !== 'link' && kind !== 'router') {
    const end = suspectedEnd(heard.incident.suspect, data.tests.values());
    return `${kind} ${end === null ? name : calledOf(end)}`;
  }
  const ends = kind === 'link' ? changes.map((change) => endsOfLink(name, change)) : [];
  const what = ends.find((each) => each !== null)?.join(' – ') ?? elementText(name);
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
