import { createTestNamer } from '../../analysis/window/mesh/displayNames.ts';
import type { OutboxEntry } from '../../model/alerting/outbox.ts';
import type { Change } from '../../model/change/change.ts';
import type { MeshPlan } from '../../model/test/meshPlan.ts';
import type { MessageContext, MessageData } from '../../notify/message/messageData.ts';
import {
  renderNotification,
  type WebhookFormats,
} from '../../notify/message/renderNotification.ts';
import { toLoggedMessage } from '../../notify/routing/buildNotification.ts';
import type {
  NotificationPlanInput,
  PlannedNotification,
} from '../../notify/routing/notificationPlan.ts';
import type { Store } from '../../store/store.ts';
import { keysById } from '../knownTests.ts';
import { maskPlan, maskResponders, type PublicStore } from '../publicStore.ts';
import { loadRouteTimes } from './loadRouteTimes.ts';

/** How to word notifications. */
export interface RenderingContext extends Pick<PublicStore, 'mask'> {
  /** Names the hosts; null without a psConfig template. */
  readonly mesh: MeshPlan | null;
  readonly context: MessageContext;
  readonly formats: WebhookFormats;
}

/** Planned notifications, with the changes and tests that they may mention, by id. */
export interface PlannedNotifications extends Pick<NotificationPlanInput, 'changes' | 'tests'> {
  readonly outgoing: readonly PlannedNotification[];
}

/**
 * Returns a function that renders planned notifications, masked as the configuration asks. Each
 * outbox entry also records the unmasked incidents, which later plans compare with.
 */
export function createRenderer(
  { outgoing, changes, tests }: PlannedNotifications,
  store: Store,
  { mask, mesh, context, formats }: RenderingContext,
): (notification: PlannedNotification) => OutboxEntry {
  const applyMask = <Value>(value: Value) => (mask === null ? value : mask.plain(value));
  const nameTest = createTestNamer(maskPlan(mesh, mask));
  const stored = store.responders();
  const responders = mask === null ? stored : maskResponders(stored, mask);
  const keysOf = keysById(applyMask(store.tests()));
  const mentionedChanges = changesIn(outgoing, changes);
  const data: MessageData = {
    changes: applyMask(mentionedChanges),
    tests: new Map(applyMask([...tests]).map(([id, test]) => [id, nameTest(test)])),
    respondersOf: (testId) => responders.of(keysOf.get(testId) ?? []),
    times: applyMask(loadRouteTimes(mentionedChanges, store)),
  };
  return (notification) => {
    const { items, threadSubject } = notification;
    const masked = {
      ...notification,
      items: applyMask(items),
      threadSubject: applyMask(threadSubject),
    };
    const { notices, ...entry } = renderNotification(masked, data, context, formats);
    return { ...entry, ...toLoggedMessage(notification, notices[0]?.subject) };
  };
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
