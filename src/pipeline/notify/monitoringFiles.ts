import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Config } from '../../config/load.ts';
import { replaceFileAtomically } from '../../lib/atomicFile.ts';
import { ExpectedError } from '../../lib/errors.ts';
import { fileFailure } from '../../lib/files.ts';
import type { TestSummary } from '../../model/analysis.ts';
import type { ChangeClass } from '../../model/change.ts';
import type { Problem } from '../../model/problem.ts';
import { prometheusText } from '../../notify/monitoring/prometheus.ts';
import type { Store } from '../../store/store.ts';
import { writeLatestTests } from './latestTests.ts';

/** Classes that count as a change of the route. */
const routeChangeClasses: readonly ChangeClass[] = ['inter_as', 'intra_as', 'same_site', 'flap'];

/**
 * Writes the files for monitoring systems: the state of every test for `pstrace check`, and the
 * Prometheus textfile if the configuration names one. Returns a problem for each failed file.
 */
export function writeMonitoringFiles(
  store: Store,
  tests: readonly TestSummary[],
  { state, prometheusFile }: Pick<Config, 'state' | 'prometheusFile'>,
  now: number,
): Problem[] {
  return [
    ...tryWrite(`${state}/latest.json`, () => writeLatestTests(state, tests, now)),
    ...(prometheusFile === null
      ? []
      : tryWrite(prometheusFile, () => {
          const routeChanges = store.changes.counts(routeChangeClasses);
          const incidents = store.incidents.active().map(({ incident }) => incident);
          replaceTextfile(prometheusFile, prometheusText({ now, tests, routeChanges, incidents }));
        })),
  ];
}

/**
 * node_exporter runs as another user and reads all `*.prom`, so the temporary file has another
 * ending.
 */
function replaceTextfile(file: string, text: string): void {
  const partFor = (mark: string) => join(dirname(file), `.${basename(file)}.${mark}.part`);
  replaceFileAtomically(file, partFor, (part) => writeFileSync(part, text, { mode: 0o644 }));
}

function tryWrite(file: string, write: () => void): Problem[] {
  try {
    write();
    return [];
  } catch (error) {
    const failure = fileFailure(error, 'cannot write the monitoring file', file);
    if (failure instanceof ExpectedError) return [failure.toProblem()];
    throw failure;
  }
}
