import type { Change } from '../../model/change/change.ts';
import { compareSeverity } from '../../model/change/change.ts';
import { explainChange } from '../../model/change/changeReasons.ts';
import { verdictText } from '../../model/change/verdictText.ts';
import { hostsText, testText } from '../../model/test/testText.ts';
import { asPathText, sentenceCase } from '../../model/values/format.ts';
import { changeClassText } from './headline.ts';
import { changeLinks } from './links.ts';
import type { ChangeBlock } from './message.ts';
import type { MessageContext, MessageData } from './messageData.ts';
import { routeLines } from './routeLines.ts';

const noAsPath = 'no AS known';

/** One change in full. */
export function changeBlock(
  change: Change,
  data: MessageData,
  context: MessageContext,
): ChangeBlock {
  const test = data.tests.get(change.testId);
  const before = asPathText(change.fromAsPath, noAsPath);
  const after = asPathText(change.toAsPath, noAsPath);
  const asPathChanged = before !== after;
  return {
    title: test === undefined ? change.testId : testText(test),
    hosts: test === undefined ? '' : hostsText(test),
    severity: change.severity,
    what: sentenceCase(changeClassText(change)),
    verdict: sentenceCase(verdictText(change)),
    why: explainChange(change),
    asBefore: asPathChanged ? before : '',
    asAfter: asPathChanged ? after : '',
    route: routeLines(change, data),
    links: changeLinks(change, context),
  };
}

/**
 * The changes to show in full, worst first: one of each class and route difference, at most
 * `limit`.
 */
export function selectRepresentative(changes: readonly Change[], limit: number): Change[] {
  const sorted = changes.toSorted((a, b) => compareSeverity(a, b) || a.detectedAt - b.detectedAt);
  const seen = new Set<string>();
  return sorted
    .filter((change) => {
      const key = JSON.stringify([changeClassText(change), differenceOf(change)]);
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    })
    .slice(0, limit);
}

function differenceOf({ route }: Change): unknown {
  return route
    .filter(({ mark }) => mark !== 'same' && mark !== 'silent')
    .map(({ mark, before, after }) => [mark, before, after]);
}
