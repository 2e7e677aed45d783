import type { Config } from '../../config/load.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import type { IncidentMember } from '../../model/incident/incident.ts';
import type { Store } from '../../store/store.ts';
import { updateIncidents } from '../detect/recordIncidents.ts';
import { publicSecret } from '../publicStore.ts';
import type { Session } from '../session.ts';
import {
  type AcceptancesById,
  acceptedRemark,
  activeIncidents,
  loadAcceptances,
} from './acceptedIncidents.ts';
import type { ItemWords } from './onlyMatch.ts';
import { describeIncident, findIncident, incidentLine } from './openIncidents.ts';
import { selectMembers } from './selectMembers.ts';
import { withTrustedStore } from './withTrustedStore.ts';

/** An incident, by its id or the start of its code, and a pattern for its tests; null: all. */
export interface AcceptRequest {
  readonly incident: string;
  readonly test: string | null;
}

/** The changes that a command concerns, and its effect on each. */
export interface AcceptanceStep {
  /** The words for the incidents that have such changes. */
  readonly words: ItemWords;
  readonly concerns: (member: IncidentMember, acceptances: AcceptancesById) => boolean;
  readonly apply: (store: Store, changeId: string) => void;
}

/**
 * Applies a step to the changes that a request means, and prints their incident. Throws a
 * `UsageError` unless it means one incident and at least one change.
 */
export function changeAcceptances(
  { incident: name, test }: AcceptRequest,
  config: Config,
  session: Session,
  { words, concerns, apply }: AcceptanceStep,
): Promise<ExitCode> {
  const secret = publicSecret(config);
  return withTrustedStore(config.state, session, async (store) => {
    const acceptances = loadAcceptances(store);
    const isConcerned = (member: IncidentMember) => concerns(member, acceptances);
    const candidates = activeIncidents(store, isConcerned);
    const mergedIds = store.incidents.mergedIds();
    const { id, members } = findIncident(name, candidates, secret, { mergedIds, words });
    const changes = selectMembers(members.filter(isConcerned), test, store);
    store.transaction(() => {
      for (const { changeId } of changes) apply(store, changeId);
      updateIncidents(store, session.now);
    });
    const changed = activeIncidents(store, () => true).find((each) => each.id === id);
    if (changed !== undefined)
      session.print(
        incidentLine(
          describeIncident(changed, store),
          secret,
          acceptedRemark(changed, loadAcceptances(store)),
        ),
      );
    return exitCodes.ok;
  });
}
