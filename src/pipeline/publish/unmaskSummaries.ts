import { groupKeys } from '../../analysis/testIdentity.ts';
import type { TestSummary } from '../../model/site/analysis.ts';
import type { Store } from '../../store/store.ts';
import type { PublicStore } from '../publicStore.ts';

/** Restores the real names and ids of the tests in masked summaries. */
export function unmaskSummaries(
  summaries: readonly TestSummary[],
  store: Pick<Store, 'tests'>,
  { mask }: Pick<PublicStore, 'mask'>,
): readonly TestSummary[] {
  if (mask === null) return summaries;
  const testsByMaskedId = new Map(
    groupKeys(store.tests()).map(({ keys: _, ...test }) => [mask.plain(test.id), test]),
  );
  return summaries.map((summary) => ({
    ...summary,
    test: testsByMaskedId.get(summary.test.id) ?? summary.test,
  }));
}
