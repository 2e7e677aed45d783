import type { Config } from '../../config/load.ts';
import { currentUserName } from '../../lib/currentUser.ts';
import type { ExitCode } from '../../lib/exitCodes.ts';
import { usageError } from '../../lib/usageError.ts';
import type { Session } from '../session.ts';
import { type AcceptRequest, changeAcceptances } from './changeAcceptances.ts';
import { cleanNote } from './note.ts';

/**
 * Accepts the open changes of an incident as usual, or those of some of its tests. Throws a
 * `UsageError` without a note, and unless the request means one incident and at least one change.
 */
export async function accept(
  request: AcceptRequest,
  noteText: string | null,
  config: Config,
  session: Session,
): Promise<ExitCode> {
  const note = cleanNote(noteText);
  if (note === null)
    throw usageError('The note is missing.', 'Give --note; pages and notifications show it.');
  const by = currentUserName(session.env);
  return changeAcceptances(request, config, session, {
    words: { noun: 'open incident', code: 'code', listCommand: 'pstrace accept' },
    concerns: ({ closedAt }) => closedAt === null,
    apply: (store, changeId) => store.acceptances.add({ changeId, at: session.now, by, note }),
  });
}

/**
 * Takes acceptances back: what lasts is open again, since its onset. Throws a `UsageError` unless
 * the request means one incident and at least one accepted change.
 */
export function undoAcceptance(
  request: AcceptRequest,
  config: Config,
  session: Session,
): Promise<ExitCode> {
  return changeAcceptances(request, config, session, {
    words: { noun: 'accepted incident', code: 'code', listCommand: 'pstrace accept' },
    concerns: ({ changeId }, acceptances) => acceptances.has(changeId),
    apply: (store, changeId) => store.acceptances.remove(changeId),
  });
}
