import type { Run } from '../model/run/run.ts';
import { isoTime } from '../model/values/format.ts';
import { upperMedian } from '../model/values/statistics.ts';
import type { Page, SiteContext } from './page.ts';

/** `assets/run.js` as `window.pstraceRun`. */
export interface RunFacts {
  readonly generatedAtIso: string;
  readonly intervalSeconds: number;
  /** The pages show a moment of the past, so they have no age. */
  readonly isView?: true;
}

/**
 * `assets/run.js`: the time and the usual interval of runs, from which unchanged pages learn their
 * age. `runs`: newest first.
 */
export function runScript(runs: readonly Run[], site: SiteContext): Page {
  const run: RunFacts = {
    generatedAtIso: isoTime(site.generatedAt),
    intervalSeconds: medianInterval(runs) ?? site.window.to - site.window.from,
    ...(site.viewOf === undefined ? {} : { isView: true }),
  };
  return { path: 'assets/run.js', body: `window.pstraceRun = ${JSON.stringify(run)};\n` };
}

/**
 * Runs closer together were started by hand or after a clock change; they say nothing about the
 * usual interval.
 */
const minIntervalSeconds = 600;

/**
 * Median interval of the runs, seconds, at least `minIntervalSeconds`; null with fewer than two
 * runs.
 */
function medianInterval(runs: readonly Run[]): number | null {
  const spacings = runs
    .slice(1)
    .map((run, index) => (runs[index]?.startedAt ?? run.startedAt) - run.startedAt);
  const usual = upperMedian(spacings);
  return usual === null ? null : Math.max(usual, minIntervalSeconds);
}
