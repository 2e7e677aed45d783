import { mergeTraces } from '../../analysis/mergeSeries.ts';
import type { RoutePeriod, TestAnalysis } from '../../model/site/analysis.ts';
import { routePicturePath } from '../../model/site/routePicture.ts';
import type { Responder, Trace } from '../../model/trace/trace.ts';
import { routePicture } from '../../report/picture/routePicture.ts';
import type { SiteWriter } from '../../report/publish/siteWriter.ts';
import type { TestKeys } from '../knownTests.ts';
import type { PublicStore } from '../publicStore.ts';

/** The traces to draw, and how recently a route must have been in use. */
export interface PictureInput {
  readonly store: Pick<PublicStore, 'traces'>;
  /** The traces of the window, already read. */
  readonly traces: readonly Trace[];
  readonly responders: ReadonlyMap<string, Responder>;
  /** Routes last used before this time get no picture. Epoch seconds. */
  readonly since: number;
}

/**
 * Draws the first trace over each distinct route of a test, and the traces that started at
 * `moments`, which first showed a change. Returns the path of each route's picture, without
 * extension, by the letter of the route.
 */
export function drawRoutes(
  site: Pick<SiteWriter, 'writePicture'>,
  { test, periods }: TestAnalysis,
  keys: TestKeys,
  moments: readonly number[],
  { store, traces, responders, since }: PictureInput,
): Map<string, string> {
  const draw = (at: number): boolean =>
    site.writePicture(routePicturePath(test.id, at), () => {
      const trace = traces.find(({ startedAt }) => startedAt === at) ?? readTrace(at, keys, store);
      return trace === null ? null : routePicture(trace, test, responders);
    });
  for (const at of new Set(moments)) if (at >= since) draw(at);
  const byRoute = Map.groupBy(periods, ({ variant }) => variant);
  return new Map(
    [...byRoute].flatMap(([letter, routePeriods]) => {
      const at = candidateTimes(routePeriods, since).find(draw);
      return at === undefined ? [] : [[letter, routePicturePath(test.id, at)] as const];
    }),
  );
}

/**
 * Start times of the traces that may show a route, best first: of its first period, whose trace may
 * be pruned, and of its first period since `since`. None for a route last used before that.
 */
function candidateTimes(routePeriods: readonly RoutePeriod[], since: number): number[] {
  if (!routePeriods.some(({ to }) => to >= since)) return [];
  const starts = [routePeriods[0]?.from, routePeriods.find(({ from }) => from >= since)?.from];
  return [...new Set(starts)].filter((at) => at !== undefined);
}

function readTrace(at: number, keys: TestKeys, store: Pick<PublicStore, 'traces'>): Trace | null {
  const [trace] = mergeTraces(keys.map(({ id }) => store.traces(id, { from: at, to: at })));
  return trace ?? null;
}
