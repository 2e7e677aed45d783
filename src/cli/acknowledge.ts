import type { Config } from '../config/load.ts';
import { cleanText } from '../lib/text.ts';
import { elementText } from '../model/elementText.ts';
import type { Incident } from '../model/incident.ts';
import type { Acknowledgement } from '../model/silence.ts';
import { counted, utcTime } from '../notify/format.ts';
import { incidentCode } from '../notify/incidentCode.ts';
import type { Store } from '../store/store.ts';
import type { AckOptions } from './alertOptions.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import { nameOfPerson } from './person.ts';
import { publicSecret } from './publicStore.ts';
import { usage } from './refusal.ts';
import type { Session } from './session.ts';
import { withStore } from './state.ts';

const longestNote = 300;

/**
 * `pstrace ack INCIDENT`: keeps that somebody knows of an incident, named by its code or its id; without one, says which
 * incidents last. Throws a `Refusal` where none of them is meant.
 */
export function acknowledge(
  name: string | null,
  { note }: AckOptions,
  config: Config,
  session: Session,
): Promise<ExitCode> {
  const { state } = config;
  const secret = publicSecret(config);
  return withStore(state, session, 'read', async (store) => {
    const open = openIncidents(store);
    if (name === null) {
      const known = new Map(store.acknowledgements.list().map((each) => [each.incidentId, each]));
      for (const incident of open) {
        session.say(lineOf(incident, secret, known.get(incident.id)));
      }
      if (open.length === 0) session.tell('no incident lasts');
      return exitCodes.good;
    }
    const incident = named(name, open, secret, store.incidents.merged());
    const acknowledgement = {
      incidentId: incident.id,
      at: session.now,
      by: nameOfPerson(),
      note: cleanText(note, longestNote),
    };
    store.acknowledgements.add(acknowledgement);
    session.say(lineOf(incident, secret, acknowledgement));
    return exitCodes.good;
  });
}

function openIncidents(store: Store): Incident[] {
  return store.incidents
    .active()
    .map(({ incident }) => incident)
    .filter(({ course }) => course === 'open' || course === 'growing')
    .sort((a, b) => b.from - a.from);
}

/** The incident of a code, of the beginning of one, or of an id, also of one that became part of it. */
function named(
  name: string,
  open: readonly Incident[],
  secret: Buffer | null,
  merged: Readonly<Record<string, string>>,
): Incident {
  const isMeant = (id: string) =>
    id === name || incidentCode(id, secret).startsWith(name.toLowerCase());
  const ids = new Set(
    Object.keys(merged)
      .filter(isMeant)
      .map((id) => endOf(id, merged)),
  );
  const found = open.filter(({ id }) => isMeant(id) || ids.has(id));
  const [only] = found;
  if (only === undefined || name === '')
    throw usage(`No incident ${name} lasts.`, 'pstrace ack alone tells those that do.');
  if (found.length > 1)
    throw usage(`${found.length} incidents begin with ${name}.`, 'Give more of the code.');
  return only;
}

function endOf(id: string, merged: Readonly<Record<string, string>>): string {
  let at = id;
  for (let next = merged[at]; next !== undefined; next = merged[at]) at = next;
  return at;
}

/** `1f0c2a3b  major  since 2026-11-20 18:00 UTC  12 tests, link 198.51.100.8/30  known to alice: rerouting`. */
function lineOf(
  incident: Incident,
  secret: Buffer | null,
  known: Acknowledgement | undefined,
): string {
  const { id, severity, from, tests, suspect } = incident;
  const cause = suspect.kind === 'unknown' ? '' : `, ${suspect.kind} ${elementText(suspect.name)}`;
  const parts = [
    incidentCode(id, secret),
    severity,
    `since ${utcTime(from)}`,
    `${counted(tests.length, 'test')}${cause}`,
  ];
  if (known !== undefined) {
    const note = known.note === null ? '' : `: ${known.note}`;
    parts.push(`known to ${known.by ?? 'somebody'}${note}`);
  }
  return parts.join('  ');
}
