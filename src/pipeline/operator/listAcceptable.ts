import type { Config } from '../../config/load.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import { publicSecret } from '../publicStore.ts';
import type { Session } from '../session.ts';
import { withStore } from '../stateLock.ts';
import { acceptedRemark, activeIncidents, loadAcceptances } from './acceptedIncidents.ts';
import { describeIncident, incidentLine } from './openIncidents.ts';

/** Prints the incidents that are open or accepted, newest first. */
export function listAcceptable(config: Config, session: Session): Promise<ExitCode> {
  const secret = publicSecret(config);
  return withStore(config.state, session, 'read', async (store) => {
    const acceptances = loadAcceptances(store);
    const incidents = activeIncidents(
      store,
      ({ changeId, closedAt }) => closedAt === null || acceptances.has(changeId),
    );
    for (const incident of incidents.sort((a, b) => b.from - a.from))
      session.print(
        incidentLine(
          describeIncident(incident, store),
          secret,
          acceptedRemark(incident, acceptances),
        ),
      );
    if (incidents.length === 0) session.printIfInteractive('no open or accepted incidents');
    return exitCodes.ok;
  });
}
