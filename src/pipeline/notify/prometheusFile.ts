import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { replaceFileAtomically } from '../../lib/atomicFile.ts';
import type { ChangeClass } from '../../model/change/change.ts';
import type { TestSummary } from '../../model/site/analysis.ts';
import { daySeconds } from '../../model/values/time.ts';
import { prometheusText, type RunFigures } from '../../notify/monitoring/prometheus.ts';
import type { Store } from '../../store/store.ts';

/** Classes that count as a change of the route. */
const routeChangeClasses: readonly ChangeClass[] = ['inter_as', 'intra_as', 'same_site', 'flap'];

/** How far back notifications are counted. */
const countedSeconds = daySeconds;

/** Writes the Prometheus textfile; `now` in epoch seconds. */
export function writePrometheusFile(
  file: string,
  store: Store,
  tests: readonly TestSummary[],
  { now, run }: { readonly now: number; readonly run: RunFigures },
): void {
  const routeChanges = store.changes.counts(routeChangeClasses);
  const incidents = store.incidents.active().map(({ incident }) => incident);
  const messages = store.outbox.counts(now - countedSeconds);
  replaceTextfile(file, prometheusText({ now, tests, routeChanges, incidents, run, messages }));
}

/**
 * node_exporter runs as another user and reads all `*.prom`, so the temporary file has another
 * ending.
 */
function replaceTextfile(file: string, text: string): void {
  const partFor = (mark: string) => join(dirname(file), `.${basename(file)}.${mark}.part`);
  replaceFileAtomically(file, partFor, (part) => writeFileSync(part, text, { mode: 0o644 }));
}
