import type { PatternHop, RouteVariant, TestAnalysis } from '../../model/site/analysis.ts';
import { formatMs, formatMsChange, pluralize } from '../../model/values/format.ts';
import { asText, hopText, type ResponderLookup, responderText } from '../responderText.ts';
import { routeLength } from './currentRoute.ts';
import { type AsStep, asPathDiff, type DiffMark, type DiffRow, routeDiff } from './routeDiff.ts';

/** One side of a line; all texts are '' if the side has no hop. */
interface DiffSide {
  readonly ttl: string;
  readonly name: string;
  readonly detail: string;
}

/** A line of a side-by-side diff: two hops, or several unchanged hops if `fold` is not ''. */
export interface DiffLine {
  readonly mark: DiffMark;
  readonly fold: string;
  readonly left: DiffSide;
  readonly right: DiffSide;
}

/** The differences of two route variants as the template shows them. */
export interface DiffView {
  readonly older: string;
  readonly newer: string;
  /** `2 hops differ: after hop 4 (r4.example), same again from hop 9 (r9.example)`. */
  readonly summary: string;
  readonly asSteps: readonly AsStep[];
  readonly asChanged: boolean;
  /** The effects in figures: `median RTT 131 ms → 148 ms (+17 ms), 14 → 16 hops`; '' for none. */
  readonly effects: string;
  readonly lines: readonly DiffLine[];
}

/** Number of unchanged hops shown on either side of a difference. */
const contextRows = 1;
const maxNames = 3;
const emptySide: DiffSide = { ttl: '', name: '', detail: '' };

function diffSide(responders: ResponderLookup, hop: PatternHop | null): DiffSide {
  if (hop === null) return emptySide;
  const [first, ...others] = hop.addresses;
  if (first === undefined) return { ttl: `${hop.ttl}`, name: '*', detail: 'silent' };
  const { name, address } = responderText(responders, first);
  const asn = asText(hop.asn, null);
  if (others.length === 0) {
    return { ttl: `${hop.ttl}`, name, detail: [address, asn].filter(Boolean).join(' · ') };
  }
  const shown = others.slice(0, maxNames - 1).map((other) => responderText(responders, other).name);
  const more = others.length - shown.length;
  const names = [name, ...shown].join(', ');
  return { ttl: `${hop.ttl}`, name: more > 0 ? `${names} and ${more} more` : names, detail: asn };
}

/** Two hops side by side. */
export function diffLine(responders: ResponderLookup, { mark, left, right }: DiffRow): DiffLine {
  return { mark, fold: '', left: diffSide(responders, left), right: diffSide(responders, right) };
}

/** Keeps rows near a difference and folds longer runs of unchanged rows into one line. */
export function diffLines(responders: ResponderLookup, rows: readonly DiffRow[]): DiffLine[] {
  const line = (row: DiffRow): DiffLine => diffLine(responders, row);
  const lines: DiffLine[] = [];
  let start = 0;
  while (start < rows.length) {
    let end = start;
    while (end < rows.length && rows[end]?.mark === '=') end += 1;
    const before = start === 0 ? 0 : contextRows;
    const after = end === rows.length ? 0 : contextRows;
    const folded = end - start - before - after;
    if (folded > 1) {
      lines.push(...rows.slice(start, start + before).map(line));
      const fold = `${pluralize(folded, 'hop')} unchanged`;
      lines.push({ mark: '=', fold, left: emptySide, right: emptySide });
      lines.push(...rows.slice(end - after, end).map(line));
    } else {
      lines.push(...rows.slice(start, end).map(line));
    }
    if (end < rows.length) lines.push(line(rows[end] as DiffRow));
    start = end + 1;
  }
  return lines;
}

function effectTexts(older: RouteVariant, newer: RouteVariant): string[] {
  const texts: string[] = [];
  if (older.medianRttMs !== null && newer.medianRttMs !== null) {
    const change = formatMsChange(newer.medianRttMs - older.medianRttMs);
    texts.push(
      `median RTT ${formatMs(older.medianRttMs)} → ${formatMs(newer.medianRttMs)} (${change})`,
    );
  }
  const [before, after] = [routeLength(older.route), routeLength(newer.route)];
  if (before !== after) {
    texts.push(`${before} → ${pluralize(after, 'hop')}`);
  }
  if (older.pathMtu !== null && newer.pathMtu !== null && older.pathMtu !== newer.pathMtu) {
    texts.push(`MTU ${older.pathMtu} → ${newer.pathMtu}`);
  }
  if (older.reached !== newer.reached) {
    texts.push(newer.reached ? 'destination replies again' : 'destination does not reply');
  }
  return texts;
}

/** Compares two variants of a test, the older one on the left. */
export function diffView(
  analysis: TestAnalysis,
  older: RouteVariant,
  newer: RouteVariant,
): DiffView {
  const { responders } = analysis;
  const diff = routeDiff(older.route, newer.route);
  const asSteps = asPathDiff(older.asPath, newer.asPath);
  const verb = diff.changed === 1 ? 'differs' : 'differ';
  const from = diff.diverges ? `after ${hopText(responders, diff.diverges)}` : 'from the start';
  const to = diff.merges
    ? `same again from ${hopText(responders, diff.merges)}`
    : 'different to the end';
  const lines = diffLines(responders, diff.rows);
  return {
    older: older.letter,
    newer: newer.letter,
    summary:
      diff.changed === 0
        ? 'Same hops, as far as they reply'
        : `${pluralize(diff.changed, 'hop')} ${verb}: ${from}, ${to}`,
    asSteps,
    asChanged: asSteps.some((step) => step.mark !== '='),
    effects: effectTexts(older, newer).join(', '),
    lines,
  };
}
