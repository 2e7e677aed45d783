import type { Config } from '../../config/load.ts';
import { currentUserName } from '../../lib/currentUser.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import { cleanText } from '../../lib/text.ts';
import { usageError } from '../../lib/usageError.ts';
import { pluralize, utcTime } from '../../model/format.ts';
import {
  type Incident,
  isOpenIncident,
  type MergedIds,
  resolveMergedId,
} from '../../model/incident.ts';
import type { Acknowledgement } from '../../model/silence.ts';
import { suspectText } from '../../model/suspectText.ts';
import { incidentCode } from '../../notify/routing/incidentCode.ts';
import type { Store } from '../../store/store.ts';
import { publicSecret } from '../publicStore.ts';
import type { Session } from '../session.ts';
import { withStore } from '../stateLock.ts';

const maxNoteLength = 300;

/** An incident, by its code or id, and a note for other readers. */
export interface AcknowledgeRequest {
  readonly incident: string;
  readonly note: string | null;
}

/** Prints the open incidents, newest first. */
export function listOpenIncidents(config: Config, session: Session): Promise<ExitCode> {
  const secret = publicSecret(config);
  return withStore(config.state, session, 'read', async (store) => {
    const open = openIncidents(store);
    const known = new Map(store.acknowledgements.list().map((each) => [each.incidentId, each]));
    for (const incident of open) {
      session.print(incidentLine(incident, secret, known.get(incident.id)));
    }
    if (open.length === 0) session.printIfInteractive('no open incidents');
    return exitCodes.ok;
  });
}

/** Records that somebody knows of an open incident. Throws a `UsageError` if none has that name. */
export function acknowledge(
  { incident: name, note }: AcknowledgeRequest,
  config: Config,
  session: Session,
): Promise<ExitCode> {
  const secret = publicSecret(config);
  return withStore(config.state, session, 'read', async (store) => {
    const incident = findIncident(name, openIncidents(store), secret, store.incidents.mergedIds());
    const acknowledgement = {
      incidentId: incident.id,
      at: session.now,
      by: currentUserName(session.env),
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
    .filter(isOpenIncident)
    .sort((a, b) => b.from - a.from);
}

/** Finds an incident by its id or by how its code begins; a merged incident leads to its successor. */
function findIncident(
  name: string,
  open: readonly Incident[],
  secret: Buffer | null,
  mergedIds: MergedIds,
): Incident {
  const matches = (id: string) =>
    id === name || incidentCode(id, secret).startsWith(name.toLowerCase());
  const ids = new Set(
    Object.keys(mergedIds)
      .filter(matches)
      .map((id) => resolveMergedId(mergedIds, id)),
  );
  const matching = open.filter(({ id }) => matches(id) || ids.has(id));
  const [only] = matching;
  if (only === undefined || name === '')
    throw usageError(`There is no open incident ${name}.`, 'List the open ones: pstrace ack.');
  if (matching.length > 1)
    throw usageError(
      `${matching.length} incidents begin with ${name}.`,
      'Give more characters of the code.',
    );
  return only;
}

/** `1f0c2a3b  major  since 2026-11-20 18:00 UTC  12 tests, link 198.51.100.8/30  acknowledged by alice: rerouting`. */
function incidentLine(
  incident: Incident,
  secret: Buffer | null,
  known: Acknowledgement | undefined,
): string {
  const { id, severity, from, tests, suspect } = incident;
  const suspectPart = suspectText(suspect, [], []);
  const parts = [
    incidentCode(id, secret),
    severity,
    `since ${utcTime(from)}`,
    `${pluralize(tests.length, 'test')}${suspectPart === '' ? '' : `, ${suspectPart}`}`,
  ];
  if (known !== undefined) {
    const note = known.note === null ? '' : `: ${known.note}`;
    parts.push(`acknowledged by ${known.by ?? 'unknown'}${note}`);
  }
  return parts.join('  ');
}
