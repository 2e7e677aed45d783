import { testNamer } from '../analysis/plannedNames.ts';
import type { Config } from '../config/load.ts';
import { programStamp } from '../lib/programStamp.ts';
import { version } from '../lib/version.ts';
import type { TestSummary } from '../model/analysis.ts';
import type { MessageCounts } from '../model/outbox.ts';
import type { MeshPlan } from '../model/plan.ts';
import type { Run } from '../model/run.ts';
import { groupsOf } from '../model/selection.ts';
import { statusJson } from '../report/overview/statusJson.ts';
import { statusPage } from '../report/overview/statusPage.ts';
import type { SiteContext } from '../report/page.ts';
import { amendSite } from '../report/publish/amend.ts';
import type { PageCounts } from '../report/publish/groups.ts';
import { openSite, type Published } from '../report/publish.ts';
import { daySeconds } from '../store/days.ts';
import type { Store } from '../store/store.ts';
import { localResults } from './localResults.ts';
import { meshChanges } from './meshChanges.ts';
import { type PublicStore, publicPlan } from './publicStore.ts';
import type { Session } from './session.ts';
import { groupFeeds } from './writeLists.ts';
import { runsShown, type SiteMatter, writeMesh, writeTests } from './writeSite.ts';

/** Argument of `Store.runs` for all that are kept. */
export const allRuns = 100_000;

/** What a published site came to. */
export interface PublishedSite extends Published {
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
  beforeMesh: (pages: PageCounts) => void,
  matter: SiteMatter,
): Promise<PublishedSite | null> {
  const site = openSite(out, { program: programStamp(), keepPictures: store.mask === null });
  try {
    const tests = await writeTests(store, site, context, session, matter);
    if (tests.summaries.length === 0) return null;
    beforeMesh(tests.pages);
    writeMesh(store, site, context, tests, matter);
    const pictures = { before: matter.drawnSince, now: session.now };
    return { ...site.commit({ pictures }), summaries: tests.summaries };
  } finally {
    site.abort();
  }
}

/**
 * Writes what the site in `out` says of runs and messages again, as it is now: messages go out when the pages are in place. The rest
 * stays. Throws an `ExpectedError` when the site cannot be written.
 */
export function restate(
  store: Store,
  shown: PublicStore,
  config: Pick<Config, 'alerts' | 'out'>,
  context: SiteContext,
  { plan, listed }: SiteMatter,
  summaries: readonly TestSummary[],
): void {
  const site = { ...context, feeds: groupFeeds(listed) };
  const runs = shown.runs(runsShown);
  const messages = messageCounts(store, config, context.window.to);
  const local = localResults(shown, summaries, context.window, plan);
  const pages = [statusPage(runs, site, { messages, local }), statusJson(runs, site, local)];
  amendSite(config.out, pages);
}

/** What the pages show beside what was measured, as of the end of their window and as others may see it. */
export function siteMatter(
  store: Store,
  { mask }: Pick<PublicStore, 'mask'>,
  config: Pick<Config, 'title' | 'siteUrl' | 'groups' | 'alerts' | 'tracesSeconds'>,
  { window }: SiteContext,
  plan: MeshPlan | null,
): SiteMatter {
  const changes = meshChanges(store, window, window.to, config);
  const shown = <Value>(value: Value) => (mask === null ? value : mask.plain(value));
  const groups = config.groups.map((group) => {
    const members = store.tests().filter((test) => groupsOf(test, [group]).length > 0);
    return { name: group.name, testIds: new Set(members.map(({ id }) => shown(id))) };
  });
  const { title, siteUrl } = config;
  const known = publicPlan(plan, mask);
  const named = testNamer(known);
  const { records, ...rest } = shown(changes);
  return {
    plan: known,
    changes: { ...rest, records: records.map((one) => ({ ...one, test: named(one.test) })) },
    listed: { title, siteUrl, groups },
    messages: messageCounts(store, config, window.to),
    drawnSince: Math.min(window.from, window.to - config.tracesSeconds),
  };
}

/** Of the last day before a moment; null where nobody is to be told anything. */
function messageCounts(
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
export function freshContext(
  window: Run['window'],
  title: string,
  runs: readonly Pick<Run, 'archives'>[],
): SiteContext {
  const plainArchives = plainOnes(runs);
  return { title, version, window, generatedAt: window.to, stale: null, plainArchives };
}

/** The archives that spoke http when they answered last. */
function plainOnes(runs: readonly Pick<Run, 'archives'>[]): ReadonlySet<string> {
  const answered = runs.flatMap(({ archives }) => archives.filter(({ ok }) => ok));
  const urls = new Map(answered.reverse().map(({ archive, url }) => [archive, url]));
  return new Set([...urls].flatMap(([archive, url]) => (/^http:/i.test(url) ? archive : [])));
}

/**
 * The site as the recorded runs (newest first) left it: that of the last run that wrote it, marked when every one since
 * then came back with nothing. null when none ever wrote it.
 */
export function lastContext(runs: readonly Run[], title: string): SiteContext | null {
  const good = runs.findIndex(({ outcome }) => outcome === 'good' || outcome === 'problems');
  const last = runs[good];
  if (last === undefined) return null;
  const context = freshContext(last.window, title, runs);
  if (!runs.slice(0, good).some(({ outcome }) => outcome === 'nothing')) return context;
  const message = 'No archive has given anything usable since then; the pages show what was known.';
  return { ...context, stale: { since: last.window.to, message } };
}

/** One line on what was written, for the log and the terminal. */
export function tellSite(published: PublishedSite, out: string, { log, tell }: Session): void {
  const { written, unchanged, removed } = published;
  const tests = published.summaries.length;
  log.info('site written', { out, tests, written, unchanged, removed });
  tell(`${out}/index.html: ${tests} tests; ${written} pages written, ${unchanged} unchanged`);
}
