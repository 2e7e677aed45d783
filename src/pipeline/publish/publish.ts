import { createTestNamer } from '../../analysis/window/mesh/displayNames.ts';
import type { Session } from '../../cli/session.ts';
import type { Config } from '../../config/load.ts';
import { programStamp } from '../../lib/programStamp.ts';
import { version } from '../../lib/version.ts';
import type { TestSummary } from '../../model/analysis.ts';
import type { MeshPlan } from '../../model/meshPlan.ts';
import type { MessageCounts } from '../../model/outbox.ts';
import type { Run } from '../../model/run.ts';
import { groupNamesOf } from '../../model/selection.ts';
import { statusJson } from '../../report/overview/statusJson.ts';
import { statusPage } from '../../report/overview/statusPage.ts';
import type { SiteContext } from '../../report/page.ts';
import { amendSite } from '../../report/publish/amend.ts';
import type { PageCounts } from '../../report/publish/pageGroups.ts';
import { openSiteWriter, type PublishResult } from '../../report/publish/siteWriter.ts';
import { daySeconds } from '../../store/db/days.ts';
import type { Store } from '../../store/store.ts';
import { localResults } from './localResults.ts';
import { meshChanges } from './meshChanges.ts';
import { maskPlan, type PublicStore } from './publicStore.ts';
import { groupFeeds } from './writeLists.ts';
import { type SiteInput, shownRunCount, writeMesh, writeTests } from './writeSite.ts';

/** Argument of `Store.runs` for all that are kept. */
export const allRunsLimit = 100_000;

/** What a published site came to. */
export interface PublishedSite extends PublishResult {
  /** Of the tests of the mesh, as others may see them. */
  readonly summaries: readonly TestSummary[];
}

/**
 * Writes the whole site from the store and puts it in place in one step. `beforeMesh` is called when the pages of the
 * tests are done, with their number: what it records is what the status page shows. null, and the old site stays, when no
 * test has data in the window. Throws an `ExpectedError` when the site cannot be written.
 */
export async function publish(
  store: PublicStore,
  out: string,
  context: SiteContext,
  session: Session,
  onTestsWritten: (pages: PageCounts) => void,
  input: SiteInput,
): Promise<PublishedSite | null> {
  const site = openSiteWriter(out, {
    program: programStamp(),
    retainPictures: store.mask === null,
  });
  try {
    const tests = await writeTests(store, site, context, session, input);
    if (tests.summaries.length === 0) return null;
    onTestsWritten(tests.pages);
    writeMesh(store, site, context, tests, input);
    const pictures = { before: input.picturesSince, now: session.now };
    return { ...site.commit({ pictures }), summaries: tests.summaries };
  } finally {
    site.abort();
  }
}

/**
 * Writes what the site in `out` says of runs and messages again, as it is now: messages go out when the pages are in place. The rest
 * stays. Throws an `ExpectedError` when the site cannot be written.
 */
export function refreshStatusPage(
  store: Store,
  publicView: PublicStore,
  config: Pick<Config, 'alerts' | 'out'>,
  context: SiteContext,
  { plan, listContext }: SiteInput,
  summaries: readonly TestSummary[],
): void {
  const site = { ...context, feeds: groupFeeds(listContext) };
  const runs = publicView.runs(shownRunCount);
  const messages = countMessages(store, config, context.window.to);
  const local = localResults(publicView, summaries, context.window, plan);
  const pages = [statusPage(runs, site, { messages, local }), statusJson(runs, site, local)];
  amendSite(config.out, pages);
}

/** What the pages show beside what was measured, as of the end of their window and as others may see it. */
export function createSiteInput(
  store: Store,
  { mask }: Pick<PublicStore, 'mask'>,
  config: Pick<Config, 'title' | 'siteUrl' | 'groups' | 'alerts' | 'traceRetentionSeconds'>,
  { window }: SiteContext,
  plan: MeshPlan | null,
): SiteInput {
  const changes = meshChanges(store, window, window.to, config);
  const applyMask = <Value>(value: Value) => (mask === null ? value : mask.plain(value));
  const groups = config.groups.map((group) => {
    const members = store.tests().filter((test) => groupNamesOf(test, [group]).length > 0);
    return { name: group.name, testIds: new Set(members.map(({ id }) => applyMask(id))) };
  });
  const { title, siteUrl } = config;
  const publicMeshPlan = maskPlan(plan, mask);
  const nameTest = createTestNamer(publicMeshPlan);
  const { records, ...rest } = applyMask(changes);
  return {
    plan: publicMeshPlan,
    changes: { ...rest, records: records.map((one) => ({ ...one, test: nameTest(one.test) })) },
    listContext: { title, siteUrl, groups },
    messages: countMessages(store, config, window.to),
    picturesSince: Math.min(window.from, window.to - config.traceRetentionSeconds),
  };
}

/** Of the last day before a moment; null where nobody is to be told anything. */
function countMessages(
  store: Store,
  { alerts }: Pick<Config, 'alerts'>,
  now: number,
): MessageCounts | null {
  const counts = store.outbox.counts(now - daySeconds);
  const { sent, givenUp, waiting } = counts;
  return alerts === null && sent + givenUp + waiting === 0 ? null : counts;
}

/**
 * The site as a run sees it whose archives answered: `generatedAt` is the end of what it looked at. `runs` (newest first) tell
 * how the archives are spoken to.
 */
export function currentContext(
  window: Run['window'],
  title: string,
  runs: readonly Pick<Run, 'archives'>[],
): SiteContext {
  const httpArchives = findHttpArchives(runs);
  return { title, version, window, generatedAt: window.to, stale: null, httpArchives };
}

/** The archives that spoke http when they answered last. */
function findHttpArchives(runs: readonly Pick<Run, 'archives'>[]): ReadonlySet<string> {
  const answered = runs.flatMap(({ archives }) => archives.filter(({ ok }) => ok));
  const urls = new Map(answered.reverse().map(({ archive, url }) => [archive, url]));
  return new Set([...urls].flatMap(([archive, url]) => (/^http:/i.test(url) ? archive : [])));
}

/**
 * The site as the recorded runs (newest first) left it: that of the last run that wrote it, marked when every one since
 * then came back with nothing. null when none ever wrote it.
 */
export function lastContext(runs: readonly Run[], title: string): SiteContext | null {
  const lastWritten = runs.findIndex(({ outcome }) => outcome === 'ok' || outcome === 'partial');
  const last = runs[lastWritten];
  if (last === undefined) return null;
  const context = currentContext(last.window, title, runs);
  if (!runs.slice(0, lastWritten).some(({ outcome }) => outcome === 'failed')) return context;
  const message = 'No archive has given anything usable since then; the pages show what was known.';
  return { ...context, stale: { since: last.window.to, message } };
}

/** One line on what was written, for the log and the terminal. */
export function reportSite(
  published: PublishedSite,
  out: string,
  { log, printIfInteractive }: Session,
): void {
  const { written, unchanged, removed } = published;
  const tests = published.summaries.length;
  log.info('site written', { out, tests, written, unchanged, removed });
  printIfInteractive(
    `${out}/index.html: ${tests} tests; ${written} pages written, ${unchanged} unchanged`,
  );
}
