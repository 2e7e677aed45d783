import type { TestSummary } from '../../model/site/analysis.ts';
import { endpointId, type Test } from '../../model/test/test.ts';
import { familyLabel } from '../../model/values/format.ts';
import { type StateText, stateText } from '../stateText.ts';

/** A test of the same pair as a tab. */
export interface RelatedTest {
  readonly href: string;
  /** `forward IPv4`, `reverse IPv6`; with the tool if two tests differ only by tool. */
  readonly label: string;
  readonly state: StateText;
  readonly isCurrent: boolean;
}

/** Whether the other of two tests of a pair has the reverse direction. */
export function isReverse(test: Test, other: Test): boolean {
  if (other.source.name === test.source.name) return false;
  return (
    other.source.name === test.destination.name ||
    endpointId(other.source) === endpointId(test.destination)
  );
}

/**
 * Tabs of a test page: the test and its related tests, forward before reverse, IPv4 before IPv6. No
 * tabs without related tests.
 */
export function relatedTests(
  test: Test,
  state: TestSummary['state'],
  related: readonly TestSummary[],
): RelatedTest[] {
  const others = related.filter((summary) => summary.test.id !== test.id);
  if (others.length === 0) return [];
  const tabs = [{ test, state }, ...others].map((one) => {
    const direction = isReverse(test, one.test) ? 'reverse' : 'forward';
    return { ...one, base: `${direction} ${familyLabel(one.test.family)}` };
  });
  const tabsByBase = Map.groupBy(tabs, (tab) => tab.base);
  const labeled = tabs.map((tab) => ({
    href: `../${tab.test.id}/index.html`,
    label: (tabsByBase.get(tab.base)?.length ?? 0) > 1 ? `${tab.base} ${tab.test.tool}` : tab.base,
    state: stateText(tab.state),
    isCurrent: tab.test.id === test.id,
  }));
  return labeled.sort((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : 0));
}
