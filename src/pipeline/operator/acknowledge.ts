import type { AckOptions } from '../../cli/alertOptions.ts';
import type { Config } from '../../config/load.ts';
import { currentUserName } from '../../lib/currentUser.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import { cleanText } from '../../lib/text.ts';
import { usageError } from '../../lib/usageError.ts';
import { pluralize, utcTime } from '../../model/format.ts';
import type { Incident } from '../../model/incident.ts';
import type { Acknowledgement } from '../../model/silence.ts';
import { suspectName } from '../../model/suspectText.ts';
import { incidentCode } from '../../notify/routing/incidentCode.ts';
import type { Store } from '../../store/store.ts';
import { publicSecret } from '../publicStore.ts';
import type { Session } from '../session.ts';
import { withStore } from '../stateLock.ts';

const maxNoteLength = 300;

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
      const acknowledgements = new Map(
        store.acknowledgements.list().map((each) => [each.incidentId, each]),
      );
      for (const incident of open) {
        session.print(incidentLine(incident, secret, acknowledgements.get(incident.id)));
      }
      if (open.length === 0) session.printIfInteractive('no incident lasts');
      return exitCodes.ok;
    }
    const incident = findIncident(name, open, secret, store.incidents.mergedIds());
    const acknowledgement = {
      incidentId: incident.id,
      at: session.now,
      by: currentUserName(),
      note: cleanText(note, maxNoteLength),
    };
    store.acknowledgements.add(acknowledgement);
    session.print(incidentLine(incident, secret, acknowledgement));
    return exitCodes.ok;
  });
}

function openIncidents(store: Store): Incident[] {
  return store.incidents
    .active()
    .map(({ incident }) => incident)
    .filter(({ status }) => status === 'open' || status === 'growing')
    .sort((a, b) => b.from - a.from);
}

/** The incident of a code, of the beginning of one, or of an id, also of one that became part of it. */
function findIncident(
  name: string,
  open: readonly Incident[],
  secret: Buffer | null,
  merged: Readonly<Record<string, string>>,
): Incident {
  const matches = (id: string) =>
    id === name || incidentCode(id, secret).startsWith(name.toLowerCase());
  const ids = new Set(
    Object.keys(merged)
      .filter(matches)
      .map((id) => resolveMerged(id, merged)),
  );
  const matching = open.filter(({ id }) => matches(id) || ids.has(id));
  const [only] = matching;
  if (only === undefined || name === '')
    throw usageError(`No incident ${name} lasts.`, 'pstrace ack alone tells those that do.');
  if (matching.length > 1)
    throw usageError(`${matching.length} incidents begin with ${name}.`, 'Give more of the code.');
  return only;
}

function resolveMerged(id: string, merged: Readonly<Record<string, string>>): string {
  let current = id;
  for (let next = merged[current]; next !== undefined; next = merged[current]) current = next;
  return current;
}

/** `1f0c2a3b  major  since 2026-11-20 18:00 UTC  12 tests, link 198.51.100.8/30  known to alice: rerouting`. */
function incidentLine(
  incident: Incident,
  secret: Buffer | null,
  known: Acknowledgement | undefined,
): string {
  const { id, severity, from, tests, suspect } = incident;
  const suspectText =
    suspect.kind === 'unknown' ? '' : `, ${suspect.kind} ${suspectName(suspect.name)}`;
  const parts = [
    incidentCode(id, secret),
    severity,
    `since ${utcTime(from)}`,
    `${pluralize(tests.length, 'test')}${suspectText}`,
  ];
  if (known !== undefined) {
    const note = known.note === null ? '' : `: ${known.note}`;
    parts.push(`known to ${known.by ?? 'somebody'}${note}`);
  }
  return parts.join('  ');
}
