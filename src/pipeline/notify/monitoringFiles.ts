import type { Config } from '../../config/load.ts';
import { ExpectedError } from '../../lib/errors.ts';
import { fileFailure } from '../../lib/files.ts';
import type { Problem } from '../../model/run/problem.ts';
import type { TestSummary } from '../../model/site/analysis.ts';
import type { RunFigures } from '../../notify/monitoring/prometheus.ts';
import type { Store } from '../../store/store.ts';
import { writeLatestTests } from './latestTests.ts';
import { writePrometheusFile } from './prometheusFile.ts';

/**
 * Writes the files for monitoring systems: the state of every test for `pstrace check`, and the
 * Prometheus textfile if the configuration names one. Returns a problem for each failed file.
 */
export function writeMonitoringFiles(
  store: Store,
  tests: readonly TestSummary[],
  { state, prometheusFile }: Pick<Config, 'state' | 'prometheusFile'>,
  moment: { readonly now: number; readonly run: RunFigures },
): Problem[] {
  return [
    ...tryWrite(`${state}/latest.json`, () => writeLatestTests(state, tests, moment.now)),
    ...(prometheusFile === null
      ? []
      : tryWrite(prometheusFile, () => writePrometheusFile(prometheusFile, store, tests, moment))),
  ];
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
