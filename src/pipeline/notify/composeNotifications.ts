import type { OutboxEntry } from '../../model/alerting/outbox.ts';
import { decideNotifications } from '../../notify/routing/decideNotifications.ts';
import type { PlannedNotification } from '../../notify/routing/notificationPlan.ts';
import { standingAlerts } from '../../notify/routing/standingAlerts.ts';
import type { Store } from '../../store/store.ts';
import { createRenderer, type RenderingContext } from './createRenderer.ts';
import { type FailureContext, forEachRecipient, type RecipientResults } from './perRecipient.ts';
import { type PlanningContext, readPlanInput } from './readPlanInput.ts';

/** Notifications for the outbox, and posts that repeat standing alerts. */
export interface ComposedNotifications extends RecipientResults<OutboxEntry> {
  readonly repetitions: readonly OutboxEntry[];
}

/**
 * Decides which notifications are due and renders them. Reads the store only. A notification that
 * cannot be decided or rendered becomes a problem and holds up no other. `openRendering` is called
 * if any is due. Alertmanager ends alerts that are not repeated, so its recipients get all standing
 * ones at every run.
 */
export function composeNotifications(
  store: Store,
  planning: PlanningContext,
  openRendering: () => RenderingContext,
  context: FailureContext,
): ComposedNotifications {
  const input = readPlanInput(store, planning);
  const { results, problems } = forEachRecipient(
    input.recipients,
    (recipient) => recipient,
    (recipient) => decideNotifications({ ...input, recipients: [recipient] }),
    context,
  );
  const due = results.flat();
  const repeatable = forEachRecipient(
    input.recipients.filter((recipient) => planning.needsRepetition(recipient)),
    (recipient) => recipient,
    (recipient) => standingAlerts(recipient, input),
    context,
  );
  const standing = repeatable.results.flat();
  const outgoing = [...due, ...standing];
  const planningProblems = [...problems, ...repeatable.problems];
  if (outgoing.length === 0) return { results: [], repetitions: [], problems: planningProblems };
  const render = createRenderer({ ...input, outgoing }, store, openRendering());
  const renderAll = (notifications: readonly PlannedNotification[]) =>
    forEachRecipient(notifications, ({ recipient }) => recipient, render, context);
  const rendered = renderAll(due);
  const repeated = renderAll(standing);
  return {
    results: rendered.results,
    repetitions: onePostEach(repeated.results),
    problems: [...planningProblems, ...rendered.problems, ...repeated.problems],
  };
}

/** Joins the alerts of each recipient in one post. */
function onePostEach(entries: readonly OutboxEntry[]): OutboxEntry[] {
  return [...Map.groupBy(entries, ({ recipient }) => recipient).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const alerts = group.flatMap(({ body }) => JSON.parse(body) as object[]);
    return [{ ...first, body: JSON.stringify(alerts) }];
  });
}
