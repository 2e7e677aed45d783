import { isoTime } from '../model/format.ts';
import type { Run } from '../model/run.ts';
import { upperMedian } from '../model/statistics.ts';
import type { Page, SiteContext } from './page.ts';

/**
 * `assets/run.js`: when the site was written and how often that usually happens, so that pages which were not rewritten can
 * tell that they are old. `runs` newest first.
 */
export function runScript(runs: readonly Run[], site: SiteContext): Page {
  const run = {
    generatedAtIso: isoTime(site.generatedAt),
    intervalSeconds: medianInterval(runs) ?? site.window.to - site.window.from,
  };
  return { path: 'assets/run.js', body: `window.pstraceRun = ${JSON.stringify(run)};\n` };
}

/** Runs closer together than this were started by hand, or by a clock that was set back: no habit to measure age by. */
const minIntervalSeconds = 600;

/** Median spacing of the runs, seconds, not below `shortestInterval`; null below two runs. */
function medianInterval(runs: readonly Run[]): number | null {
  const spacings = runs
    .slice(1)
    .map((run, index) => (runs[index]?.startedAt ?? run.startedAt) - run.startedAt);
  const usual = upperMedian(spacings);
  return usual === null ? null : Math.max(usual, minIntervalSeconds);
}
