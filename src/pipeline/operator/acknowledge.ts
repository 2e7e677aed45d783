import type { Config } from '../../config/load.ts';
import { currentUserName } from '../../lib/currentUser.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import { cleanText } from '../../lib/text.ts';
import { publicSecret } from '../publicStore.ts';
import type { Session } from '../session.ts';
import { withStore } from '../stateLock.ts';
import { findIncident, incidentLine, openIncidents } from './openIncidents.ts';

const maxNoteLength = 300;

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
