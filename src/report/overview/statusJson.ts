import type { LocalSource } from '../../model/run/localSource.ts';
import type { Run } from '../../model/run/run.ts';
import { publicSchemaVersion } from '../../model/site/publicSchema.ts';
import { isoTime } from '../../model/values/format.ts';
import { isoOrNull, jsonBody, viewJson, windowJson } from '../jsonFile.ts';
import type { Page, SiteContext } from '../page.ts';

/**
 * `data/status.json`; see `schemas/status.schema.json`. `runs`: newest first; `local`: results
 * without an archive.
 */
export function statusJson(
  runs: readonly Run[],
  site: SiteContext,
  local: readonly LocalSource[],
): Page {
  const { stale } = site;
  return {
    path: 'data/status.json',
    body: jsonBody(() => ({
      schemaVersion: publicSchemaVersion,
      generatedAt: site.generatedAt,
      generatedAtIso: isoTime(site.generatedAt),
      ...viewJson(site.viewOf),
      version: site.version,
      stale: stale && {
        since: stale.since,
        sinceIso: isoTime(stale.since),
        message: stale.message,
      },
      local: local.map(localJson),
      runs: runs.map(runJson),
    })),
  };
}

function localJson({ newestAt, failing, ...source }: LocalSource): object {
  return {
    ...source,
    newestAt,
    newestAtIso: isoTime(newestAt),
    failing: failing.map((each) => ({ ...each, atIso: isoTime(each.at) })),
  };
}

function runJson(run: Run): object {
  return {
    startedAt: run.startedAt,
    startedAtIso: isoTime(run.startedAt),
    finishedAt: run.finishedAt,
    finishedAtIso: isoOrNull(run.finishedAt),
    outcome: run.outcome,
    window: windowJson(run.window),
    version: run.version,
    archives: run.archives,
    pagesWritten: run.pagesWritten,
    pagesUnchanged: run.pagesUnchanged,
    problems: run.problems,
  };
}
