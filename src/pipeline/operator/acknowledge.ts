import type { Config } from '../../config/load.ts';
import { currentUserName } from '../../lib/currentUser.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import type { Acknowledgement } from '../../model/alerting/silence.ts';
import { resolveMergedId } from '../../model/incident/incident.ts';
import { publicSecret } from '../publicStore.ts';
import type { Session } from '../session.ts';
import { withStore } from '../stateLock.ts';
import { cleanNote } from './note.ts';
import type { ItemWords } from './onlyMatch.ts';
import { describeIncident, findIncident, incidentLine, openIncidents } from './openIncidents.ts';
import { withTrustedStore } from './withTrustedStore.ts';

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
    const mergedIds = store.incidents.mergedIds();
    const known = new Map(
      store.acknowledgements
        .list()
        .map((each) => [resolveMergedId(mergedIds, each.incidentId), each]),
    );
    for (const incident of open) {
      session.print(
        incidentLine(
          describeIncident(incident, store),
          secret,
          acknowledgedText(known.get(incident.id)),
        ),
      );
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
  return withTrustedStore(config.state, session, async (store) => {
    const mergedIds = store.incidents.mergedIds();
    const words = incidentWords;
    const incident = findIncident(name, openIncidents(store), secret, { mergedIds, words });
    const acknowledgement = {
      incidentId: incident.id,
      at: session.now,
      by: currentUserName(session.env),
      note: cleanNote(note),
    };
    store.acknowledgements.add(acknowledgement);
    session.print(
      incidentLine(describeIncident(incident, store), secret, acknowledgedText(acknowledgement)),
    );
    return exitCodes.ok;
  });
}

/** `acknowledged by alice: rerouting`; '' without an acknowledgement. */
function acknowledgedText(known: Acknowledgement | undefined): string {
  if (known === undefined) return '';
  const note = known.note === null ? '' : `: ${known.note}`;
  return `acknowledged by ${known.by ?? 'unknown'}${note}`;
}
