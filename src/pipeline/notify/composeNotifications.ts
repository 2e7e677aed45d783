import type { OutboxEntry } from '../../model/outbox.ts';
import { decideNotifications } from '../../notify/routing/decideNotifications.ts';
import type { Store } from '../../store/store.ts';
import { createRenderer, type RenderingContext } from './createRenderer.ts';
import { type FailureContext, forEachRecipient, type RecipientResults } from './perRecipient.ts';
import { type PlanningContext, readPlanInput } from './readPlanInput.ts';

/**
 * Decides which notifications are due and renders them. Reads the store only. A notification that
 * cannot be decided or rendered becomes a problem and holds up no other. `openRendering` is called
 * if any is due.
 */
export function composeNotifications(
  store: Store,
  planning: PlanningContext,
  openRendering: () => RenderingContext,
  context: FailureContext,
): RecipientResults<OutboxEntry> {
  const input = readPlanInput(store, planning);
  const { results, problems } = forEachRecipient(
    input.recipients,
    (recipient) => recipient,
    (recipient) => decideNotifications({ ...input, recipients: [recipient] }),
    context,
  );
  const outgoing = results.flat();
  if (outgoing.length === 0) return { results: [], problems };
  const render = createRenderer({ ...input, outgoing }, store, openRendering());
  const rendered = forEachRecipient(outgoing, ({ recipient }) => recipient, render, context);
  return { results: rendered.results, problems: [...problems, ...rendered.problems] };
}
