import type { TestSummary } from '../../model/site/analysis.ts';
import type { MeshPlan } from '../../model/test/meshPlan.ts';
import type { SiteContext } from '../../report/page.ts';
import type { CollectResult } from '../collect/collect.ts';
import type { RunContext } from '../runContext.ts';
import { allRunsLimit, noPages } from '../runRecord.ts';
import { hasFreshResults } from './freshResults.ts';
import { warnOfMixedTests } from './mixedWarnings.ts';
import { publishSite } from './publishSite.ts';
import { readSite } from './readSite.ts';
import { currentContext, isPast, lastContext, pastContext } from './siteContext.ts';
import { unmaskSummaries } from './unmaskSummaries.ts';

/**
 * Writes the site of a run and records how the run ended. Returns the state of the tests. Without
 * current results it writes the last site again, marked as out of date, and returns null.
 */
export async function publish(
  run: RunContext,
  { plan }: Pick<CollectResult, 'plan'>,
): Promise<readonly TestSummary[] | null> {
  const { store, window, config, record, session } = run;
  if (hasFreshResults(record.archives, store, window)) {
    const contextOf = isPast(window, session.now) ? pastContext : currentContext;
    const context = contextOf(window, config.title, [record, ...store.runs(allRunsLimit)]);
    const summaries = await publishAs('ok', context, run, plan);
    if (summaries !== null) return summaries;
  }
  await publishStale(run, plan);
  return null;
}

async function publishStale(run: RunContext, plan: MeshPlan | null): Promise<void> {
  const { store, config, record, session } = run;
  record.finish('failed', noPages);
  const context = lastContext(store.runs(allRunsLimit), config.title);
  const summaries =
    context && (await publishAs('failed', { ...context, readAt: session.now }, run, plan));
  session.log.error(
    summaries
      ? `no usable results; the pages in ${config.out} keep their content and are marked as out of date`
      : 'no usable results, and none from earlier runs; no pages were written',
  );
}

async function publishAs(
  outcome: 'ok' | 'failed',
  context: SiteContext,
  { store, config, record, session }: RunContext,
  plan: MeshPlan | null,
): Promise<readonly TestSummary[] | null> {
  const input = readSite(store, config, context, plan);
  const site = await publishSite(config, input, session, (pages, problems, summaries) => {
    warnOfMixedTests(unmaskSummaries(summaries, store, input.view), { store, record, session });
    record.addProblems(problems);
    record.finish(outcome, pages);
  });
  record.addProblems(site?.leftovers ?? []);
  return site && unmaskSummaries(site.summaries, store, input.view);
}
