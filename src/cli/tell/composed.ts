import { testNamer } from '../../analysis/plannedNames.ts';
import type { Change } from '../../model/change.ts';
import type { OutboxEntry } from '../../model/outbox.ts';
import type { MeshPlan } from '../../model/plan.ts';
import { compose, type WebhookFormats } from '../../notify/compose.ts';
import type { MessageContext, MessageData } from '../../notify/messageData.ts';
import { logged } from '../../notify/outgoing.ts';
import type { Outgoing } from '../../notify/planInput.ts';
import { type RouteTimes, routeTimes } from '../../notify/routeTimes.ts';
import { daySeconds } from '../../store/days.ts';
import type { Store } from '../../store/store.ts';
import { type PublicStore, publicPlan } from '../publicStore.ts';
import type { Planned } from './planned.ts';

/**
 * Puts planned messages into words, as others may see them, with the hosts called as the mesh's `plan` does; the outbox keeps with each what it really is about, for later plans.
 */
export function composed(
  { outgoing, changes }: Planned,
  store: Store,
  { mask }: Pick<PublicStore, 'mask'>,
  plan: MeshPlan | null,
  context: MessageContext,
  formats: WebhookFormats,
): OutboxEntry[] {
  if (outgoing.length === 0) return [];
  const shown = <Value>(value: Value) => (mask === null ? value : mask.plain(value));
  const named = testNamer(publicPlan(plan, mask));
  const told = changesIn(outgoing, changes);
  const data: MessageData = {
    changes: shown(told),
    tests: new Map(shown(store.tests()).map((test) => [test.id, named(test)])),
    responders: mask?.responders(store.responders()) ?? store.responders(),
    times: shown(timesOf(told, store)),
  };
  return outgoing.map((each) => {
    const entry = compose({ ...each, items: shown(each.items) }, data, context, formats);
    return { ...entry, ...logged(each) };
  });
}

function changesIn(
  outgoing: readonly Outgoing[],
  changes: ReadonlyMap<string, Change>,
): Map<string, Change> {
  const ids = outgoing.flatMap(({ items }) =>
    items.flatMap(({ heard }) => heard.members.map(({ changeId }) => changeId)),
  );
  const found = [...new Set(ids)].flatMap((id) => changes.get(id) ?? []);
  return new Map(found.map((change) => [change.id, change]));
}

/** A message shows few changes in full; of many, these are enough to choose from. */
const mostTimed = 200;

/** Round-trip times before and after each change, from the traces of the day before it. */
function timesOf(changes: ReadonlyMap<string, Change>, store: Store): Map<string, RouteTimes> {
  const some = [...changes.values()].filter(({ route }) => route.length > 0).slice(0, mostTimed);
  return new Map(
    some.map((change) => {
      const { testId, onset, detectedAt } = change;
      const window = { from: (onset.after ?? onset.by) - daySeconds, to: detectedAt };
      return [change.id, routeTimes(change, store.traces(testId, window))];
    }),
  );
}
