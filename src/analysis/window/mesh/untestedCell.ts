import type { MatrixCell } from '../../../model/site/analysis.ts';
import { type Endpoint, endpointId, type Family } from '../../../model/test/test.ts';

/** The cell of a test without any result. */
export function untestedCell(
  source: Endpoint,
  destination: Endpoint,
  family: Family,
  stateReason: string,
): MatrixCell {
  return {
    source: endpointId(source),
    destination: endpointId(destination),
    family,
    testIds: [],
    state: 'untested',
    stateSince: null,
    stateReason,
    otherStates: '',
    rttMs: null,
    usualRttMs: null,
    usualFrom: null,
    usualTo: null,
    lossPct: null,
    hops: null,
    pathMtu: null,
    asPath: [],
    reached: null,
    lastTraceAt: null,
    lastRouteChangeAt: null,
  };
}
