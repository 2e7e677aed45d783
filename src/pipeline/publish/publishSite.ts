import type { Config } from '../../config/load.ts';
import { programStamp } from '../../lib/programStamp.ts';
import type { Problem } from '../../model/run/problem.ts';
import type { TestSummary } from '../../model/site/analysis.ts';
import { assetPages } from '../../report/assets.ts';
import type { PageCounts } from '../../report/publish/pageGroups.ts';
import { openSiteWriter, type PublishResult } from '../../report/publish/siteWriter.ts';
import { logProblems } from '../problems.ts';
import type { Session } from '../session.ts';
import type { SiteInput } from './siteInput.ts';
import { writeMeshPages } from './writeMeshPages.ts';
import { writeTestPages } from './writeTestPages.ts';

/** A published site. */
export interface PublishedSite extends PublishResult {
  /** Problems of the folder that did not prevent the site, without the leftovers. */
  readonly problems: readonly Problem[];
  /** Files that may show what the site hides, and cannot be deleted. */
  readonly leftovers: readonly Problem[];
  /** Of the tests of the mesh, masked as the configuration asks. */
  readonly summaries: readonly TestSummary[];
}

/**
 * Writes the whole site into `out` and puts it in place in one step. Calls `onTestsWritten` between
 * the pages of the tests and those of the mesh, because the status page shows what it records, with
 * the problems of the folder that do not prevent the site, and the states of the tests.
 * Returns null, and leaves the old site in place, when no test has data in the window. Throws an
 * `ExpectedError` when the site cannot be written.
 */
export async function publishSite(
  { out, pageMode }: Pick<Config, 'out' | 'pageMode'>,
  input: SiteInput,
  session: Session,
  onTestsWritten: (
    pages: PageCounts,
    problems: readonly Problem[],
    summaries: readonly TestSummary[],
  ) => void = () => {},
): Promise<PublishedSite | null> {
  const site = openSiteWriter(out, {
    program: programStamp(),
    retainPictures: input.view.mask === null,
    hiding: input.view.mask?.fingerprint ?? null,
    pageMode,
  });
  try {
    for (const page of await assetPages()) site.write(page);
    const tests = await writeTestPages(site, input, session);
    if (tests.summaries.length === 0) return null;
    logProblems(site.problems, session.log);
    onTestsWritten(site.counts(), site.problems, tests.summaries);
    writeMeshPages(site, input, tests);
    // Pages that were not drawn may link to older pictures.
    const before = input.picturesSince - input.redrawSeconds;
    const result = site.commit({ pictures: { before, now: session.now } });
    const { problems, leftovers } = site;
    logProblems(leftovers, session.log);
    const published = { ...result, problems, leftovers, summaries: tests.summaries };
    reportSite(published, out, session);
    return published;
  } finally {
    site.abort();
  }
}

function reportSite(
  { written, unchanged, removed, summaries }: PublishedSite,
  out: string,
  { log, printIfInteractive }: Session,
): void {
  const tests = summaries.length;
  log.info('site written', { out, tests, written, unchanged, removed });
  printIfInteractive(
    `${out}/index.html: ${tests} tests; ${written} pages written, ${unchanged} unchanged`,
  );
}
