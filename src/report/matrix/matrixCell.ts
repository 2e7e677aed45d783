import type { MatrixCell, State } from '../../model/analysis.ts';
import { familyLabel, formatMs, formatMsCell } from '../../model/format.ts';
import { stateText } from '../stateText.ts';

/** How much text a cell has room for. */
export type CellDensity = 'words' | 'values' | 'glyphs';

/** One link of a grid cell: one family of one pair. */
export interface CellView {
  readonly state: State;
  /** '' when no test is known. */
  readonly href: string;
  /** `From a to b over IPv6: changed, 148 ms (usual 131 ms). Route B since 09:10 UTC.` */
  readonly label: string;
  readonly text: string;
  /**
   * Figures for the scripts, blank separated, `-` for unknown: family, RTT, usual RTT (ms), loss (percent), hops, path MTU (bytes),
   * AS-path length, seconds from the last route change and from the last trace to `generatedAt`, what the AS path is unlike
   * (`asDifferences`).
   */
  readonly figures: string;
}

/** Address of a test's page relative to the site's root. */
export function testHref(testId: string): string {
  return `tests/${testId}/index.html`;
}

/** What the grid shows of a cell. `pair` is the label's beginning, `From a to b`. */
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

/** `From a to b`, with the family where the mesh has both. */
export function pairLabel(source: string, destination: string, family: 4 | 6 | null): string {
  const over = family === null ? '' : ` over ${familyLabel(family)}`;
  return `From ${source} to ${destination}${over}`;
}

function cellSentence(cell: MatrixCell): string {
  const { state, rttMs, usualRttMs, stateReason } = cell;
  // With the digits that the cell shows: who says what he sees has to be understood.
  if (state === 'ok') return rttMs === null ? 'ok' : `ok, ${formatMsCell(rttMs)} ms`;
  const rtt = rttMs === null ? '' : `, ${formatMs(rttMs)}`;
  const usual = rttMs === null || usualRttMs === null ? '' : ` (usual ${formatMs(usualRttMs)})`;
  return `${stateText(state).word}${rtt}${usual}. ${stateReason}`;
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

/** Two decimals: what a reader can use, in few bytes. */
function roundedOrDash(value: number | null): number | '-' {
  return value === null ? '-' : Math.round(value * 100) / 100;
}
