import type { Config } from '../../config/load.ts';
import { currentUserName } from '../../lib/currentUser.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import { cleanText } from '../../lib/text.ts';
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
import { type ItemWords, onlyMatch } from './onlyMatch.ts';

const maxNoteLength = 300;

const incidentWords: ItemWords = {
  noun: 'open incident',
  code: 'code',
  listCommand: 'pstrace ack',
};

/**
 * The incident to acknowledge, by its id or the start of its code, and a note for other readers.
 */
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

/** Acknowledges an open incident. Throws a `UsageError` unless exactly one has that name. */
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

/**
 * Finds an open incident by its id or the start of its code, or by those of an incident merged into
 * it.
 */
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
  return onlyMatch(name, matching, incidentWords);
}

/**
 * `1f0c2a3b  major  since 2026-11-20 18:00 UTC  12 tests, link 198.51.100.8/30  acknowledged by
 * alice: rerouting`.
 */
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
