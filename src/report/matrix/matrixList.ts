import { type MatrixCell, stateRank } from '../../model/site/analysis.ts';
import {
  familyLabel,
  formatCount,
  formatMsCell,
  formatPercent,
  type TimeText,
  timeCell,
  unknownText,
} from '../../model/values/format.ts';
import { type StateText, stateText } from '../stateText.ts';
import { nameParts } from './hosts.ts';
import { testHref } from './matrixCell.ts';

/** Maximum number of rows in the HTML; a script builds the others from the grid. */
const maxStaticRows = 400;

/** One row of the list below the grid. */
export interface ListRow {
  readonly state: StateText;
  /** '' without a test. */
  readonly href: string;
  /** See `nameParts`. */
  readonly source: readonly string[];
  readonly destination: readonly string[];
  readonly family: string;
  readonly rtt: string;
  readonly usual: string;
  readonly loss: string;
  readonly hops: string;
  readonly mtu: string;
  readonly asPathLength: string;
  readonly lastRouteChange: TimeText;
  readonly lastTrace: TimeText;
  readonly reason: string;
}

/**
 * Worst state first, then by name; at most `maxStaticRows`. `nameOf` maps an `endpointId` to a
 * name.
 */
export function listRows(
  cells: readonly MatrixCell[],
  nameOf: (id: string) => string,
): readonly ListRow[] {
  return cells
    .toSorted((a, b) => stateRank(a.state) - stateRank(b.state))
    .slice(0, maxStaticRows)
    .map((cell) => listRow(cell, nameOf));
}

function listRow(cell: MatrixCell, nameOf: (id: string) => string): ListRow {
  const testId = cell.testIds[0];
  return {
    state: stateText(cell.state),
    href: testId === undefined ? '' : testHref(testId),
    source: nameParts(nameOf(cell.source)),
    destination: nameParts(nameOf(cell.destination)),
    family: familyLabel(cell.family),
    rtt: formatMsCell(cell.rttMs),
    usual: formatMsCell(cell.usualRttMs),
    loss: formatPercent(cell.lossPct),
    hops: formatCount(cell.hops),
    mtu: cell.pathMtu === null ? unknownText : String(cell.pathMtu),
    asPathLength: cell.asPath.length === 0 ? unknownText : formatCount(cell.asPath.length),
    lastRouteChange: timeCell(cell.lastRouteChangeAt),
    lastTrace: timeCell(cell.lastTraceAt),
    reason: [cell.state === 'ok' ? '' : cell.stateReason, cell.otherStates].join(' ').trim(),
  };
}
