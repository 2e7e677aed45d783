import { version } from '../../lib/version.ts';
import type { Run } from '../../model/run/run.ts';
import type { SiteContext } from '../../report/page.ts';

/**
 * The context of a site whose archives answered: generated at the end of its window. `runs` (newest
 * first) show which archives answer over plain HTTP.
 */
export function currentContext(
  window: Run['window'],
  title: string,
  runs: readonly Pick<Run, 'archives'>[],
): SiteContext {
  const httpArchives = findHttpArchives(runs);
  return { title, version, window, generatedAt: window.to, stale: null, httpArchives };
}

/** The window of some seconds before a moment; no result is older than the epoch. */
export function windowUntil(to: number, seconds: number): Run['window'] {
  return { from: Math.max(0, to - seconds), to };
}

/** `--until` with a moment this long ago is still the present, seconds. */
const presentSeconds = 60;

/** Whether a window that is shown at `now` (epoch seconds) ends in the past. */
export function isPast({ to }: Run['window'], now: number): boolean {
  return to < now - presentSeconds;
}

/** The context of a site that shows the end of its window, a moment of the past. */
export function pastContext(
  window: Run['window'],
  title: string,
  runs: readonly Pick<Run, 'archives'>[],
): SiteContext {
  return { ...currentContext(window, title, runs), viewOf: window.to };
}

/** Archives whose last answer came over plain HTTP. */
function findHttpArchives(runs: readonly Pick<Run, 'archives'>[]): ReadonlySet<string> {
  const answered = runs.flatMap(({ archives }) => archives.filter(({ ok }) => ok));
  const urls = new Map(answered.reverse().map(({ archive, url }) => [archive, url]));
  return new Set([...urls].flatMap(([archive, url]) => (/^http:/i.test(url) ? archive : [])));
}

/**
 * The context that the last run left which wrote a site of its present (`runs` newest first),
 * marked as stale if a later run failed. null before the first site.
 */
export function lastContext(runs: readonly Run[], title: string): SiteContext | null {
  const lastWritten = runs.findIndex(
    ({ outcome, window, startedAt }) =>
      (outcome === 'ok' || outcome === 'partial') && !isPast(window, startedAt),
  );
  const last = runs[lastWritten];
  if (last === undefined) return null;
  const context = currentContext(last.window, title, runs);
  if (!runs.slice(0, lastWritten).some(({ outcome }) => outcome === 'failed')) return context;
  const message = 'No archive has returned usable results since then.';
  return { ...context, stale: { since: last.window.to, message } };
}
