import type { Change } from '../../model/change/change.ts';
import { suspectText } from '../../model/incident/suspectText.ts';
import type { Test } from '../../model/test/test.ts';
import { pluralize } from '../../model/values/format.ts';
import type { RecipientView } from '../routing/notificationPlan.ts';
import type { MessageData } from './messageData.ts';

/** The changes of a view in the order of its members. */
export function changesOf({ members }: RecipientView, { changes }: MessageData): Change[] {
  return members.flatMap(({ changeId }) => changes.get(changeId) ?? []);
}

/** The tests of a view. */
export function testsOf({ tests: ids }: RecipientView, { tests }: MessageData): Test[] {
  return ids.flatMap((id) => tests.get(id) ?? []);
}

/** `12 tests`; `12 IPv6 tests` if all are of one family in a mesh that has both. */
export function testsText(view: RecipientView, data: MessageData): string {
  const families = new Set(testsOf(view, data).map(({ family }) => family));
  const isMixed = new Set([...data.tests.values()].map(({ family }) => family)).size > 1;
  const [only] = families;
  const noun = isMixed && families.size === 1 ? `IPv${only} test` : 'test';
  return pluralize(view.tests.length, noun);
}

/**
 * The suspect as in `suspectText`, with the AS of a link or router: `link cr1.ams – cr1.fra
 * (AS64500)`.
 */
export function suspectWithAs(view: RecipientView, data: MessageData): string {
  const { suspect } = view.incident;
  const changes = changesOf(view, data);
  const text = suspectText(suspect, changes, testsOf(view, data));
  if (suspect.kind !== 'link' && suspect.kind !== 'router') return text;
  const asn = suspectAsn(suspect.name, changes, data.respondersOf);
  return asn === null ? text : `${text} (AS${asn})`;
}

/**
 * The AS of a suspected link or router, as far as the addresses that the changes removed give it.
 */
function suspectAsn(
  name: string,
  changes: readonly Change[],
  respondersOf: MessageData['respondersOf'],
): number | null {
  for (const { testId, route, evidence } of changes) {
    const responders = respondersOf(testId);
    const removedHops = route.filter(({ mark }) => mark === 'removed' || mark === 'replaced');
    for (const address of removedHops.flatMap(({ before }) => before)) {
      const responder = responders.get(address);
      const isOwnAddress =
        address === name || responder?.hostname?.toLowerCase().endsWith(name) === true;
      if (isOwnAddress || evidence.removedLinks.includes(name)) {
        const asn = responder?.asn ?? null;
        if (asn !== null) return asn;
      }
    }
  }
  return null;
}
