import { createTestNamer } from '../../analysis/window/mesh/displayNames.ts';
import type { Change } from '../../model/change.ts';
import type { MeshPlan } from '../../model/meshPlan.ts';
import type { OutboxEntry } from '../../model/outbox.ts';
import type { MessageContext, MessageData } from '../../notify/message/messageData.ts';
import {
  renderNotification,
  type WebhookFormats,
} from '../../notify/message/renderNotification.ts';
import { toLoggedMessage } from '../../notify/routing/buildNotification.ts';
import type { PlannedNotification } from '../../notify/routing/notificationPlan.ts';
import type { Store } from '../../store/store.ts';
import { maskPlan, type PublicStore } from '../publicStore.ts';
import type { Session } from '../session.ts';
import { loadRouteTimes } from './loadRouteTimes.ts';
import { forEachRecipient, type RecipientResults } from './perRecipient.ts';
import type { PlannedNotifications } from './planNotifications.ts';

/** How to word notifications. */
export interface RenderingContext extends Pick<PublicStore, 'mask'> {
  /** Names the hosts; null without a psConfig template. */
  readonly mesh: MeshPlan | null;
  readonly context: MessageContext;
  readonly formats: WebhookFormats;
}

/**
 * Renders planned notifications, masked as the configuration asks. Each outbox entry also records
 * the unmasked incidents, which later plans compare with. A notification that cannot be rendered
 * becomes a problem.
 */
export function renderNotifications(
  { outgoing, changes, tests }: Omit<PlannedNotifications, 'problems'>,
  store: Store,
  { mask, mesh, context, formats }: RenderingContext,
  session: Pick<Session, 'log' | 'signal'>,
): RecipientResults<OutboxEntry> {
  const applyMask = <Value>(value: Value) => (mask === null ? value : mask.plain(value));
  const nameTest = createTestNamer(maskPlan(mesh, mask));
  const mentionedChanges = changesIn(outgoing, changes);
  const data: MessageData = {
    changes: applyMask(mentionedChanges),
    tests: new Map(applyMask([...tests]).map(([id, test]) => [id, nameTest(test)])),
    responders: mask?.responders(store.responders()) ?? store.responders(),
    times: applyMask(loadRouteTimes(mentionedChanges, store)),
  };
  const render = (each: PlannedNotification): OutboxEntry => {
    const masked = { ...each, items: applyMask(each.items) };
    return { ...renderNotification(masked, data, context, formats), ...toLoggedMessage(each) };
  };
  return forEachRecipient(outgoing, ({ recipient }) => recipient, render, session);
}

function changesIn(
  outgoing: readonly PlannedNotification[],
  changes: ReadonlyMap<string, Change>,
): Map<string, Change> {
  const ids = outgoing.flatMap(({ items }) =>
    items.flatMap(({ view }) => view.members.map(({ changeId }) => changeId)),
  );
  const found = [...new Set(ids)].flatMap((id) => changes.get(id) ?? []);
  return new Map(found.map((change) => [change.id, change]));
}
