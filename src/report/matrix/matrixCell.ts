import type { MatrixCell, State } from '../../model/site/analysis.ts';
import { familyLabel, formatMs, formatMsCell } from '../../model/values/format.ts';
import { stateText } from '../stateText.ts';

/** How much text fits into a cell. */
export type CellDensity = 'words' | 'values' | 'glyphs';

/** One link in a grid cell: one family of a pair. */
export interface CellView {
  readonly state: State;
  /** '' without a test. */
  readonly href: string;
  /** `From a to b over IPv6: changed, 148 ms (usual 131 ms). Route B since 09:10 UTC.` */
  readonly label: string;
  readonly text: string;
  /**
   * Figures for the scripts, separated by blanks, `-` if unknown: family, RTT, usual RTT (ms), loss
   * (percent), hops, path MTU (bytes), AS-path length, seconds from the last route change and from
   * the last trace to `generatedAt`, differences of the AS path (see `asDifferences`).
   */
  readonly figures: string;
}

/** URL of a test's page relative to the root of the site. */
export function testHref(testId: string): string {
  return `tests/${testId}/index.html`;
}

/** A cell as the grid shows it. `pairText` starts its label: `From a to b`. */
export function cellView(
  cell: MatrixCell,
  pairText: string,
  density: CellDensity,
  generatedAt: number,
  asDifference: number,
): CellView {
  const [testId] = cell.testIds;
  return {
    state: cell.state,
    href: testId === undefined ? '' : testHref(testId),
    label: `${pairText}: ${cellSentence(cell)}`,
    text: cellText(cell, density),
    figures: `${cellFigures(cell, generatedAt)} ${asDifference}`,
  };
}

/** `From a to b`, with the family if given. */
export function pairLabel(source: string, destination: string, family: 4 | 6 | null): string {
  const over = family === null ? '' : ` over ${familyLabel(family)}`;
  return `From ${source} to ${destination}${over}`;
}

function cellSentence(cell: MatrixCell): string {
  const { state, rttMs, usualRttMs, stateReason, otherStates } = cell;
  const more = otherStates === '' ? '' : ` ${otherStates}`;
  // With the same digits as the cell, so that readers and listeners can talk about it.
  if (state === 'ok') {
    const ok = rttMs === null ? 'ok' : `ok, ${formatMsCell(rttMs)} ms`;
    return more === '' ? ok : `${ok}.${more}`;
  }
  const rtt = rttMs === null ? '' : `, ${formatMs(rttMs)}`;
  const usual = rttMs === null || usualRttMs === null ? '' : ` (usual ${formatMs(usualRttMs)})`;
  return `${stateText(state).word}${rtt}${usual}. ${stateReason}${more}`;
}

function cellText(cell: MatrixCell, density: CellDensity): string {
  const { glyph, word } = stateText(cell.state);
  if (density === 'glyphs') return glyph;
  if (cell.state === 'ok' && cell.rttMs !== null) return `${glyph} ${formatMsCell(cell.rttMs)}`;
  return density === 'words' ? `${glyph} ${word}` : glyph;
}

function cellFigures(cell: MatrixCell, generatedAt: number): string {
  const { lastRouteChangeAt: changedAt, lastTraceAt } = cell;
  return [
    cell.family,
    roundedOrDash(cell.rttMs),
    roundedOrDash(cell.usualRttMs),
    roundedOrDash(cell.lossPct),
    cell.hops ?? '-',
    cell.pathMtu ?? '-',
    cell.asPath.length === 0 ? '-' : cell.asPath.length,
    changedAt === null ? '-' : Math.round(generatedAt - changedAt),
    lastTraceAt === null ? '-' : Math.round(generatedAt - lastTraceAt),
  ].join(' ');
}

/** Two decimals: enough for a reader, in few bytes. */
function roundedOrDash(value: number | null): number | '-' {
  return value === null ? '-' : Math.round(value * 100) / 100;
}
