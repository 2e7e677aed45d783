import { duration } from '../../lib/duration.ts';
import type { RoutePeriod, RouteVariant, TestAnalysis } from '../../model/analysis.ts';
import type { ChangeRecord } from '../../model/changeRecord.ts';
import { type ChangeNote, changeNote } from '../changes/changeNote.ts';
import { asPathText, counted, isoTime, share, type TimeText, timeText } from '../format.ts';
import { listText } from '../listText.ts';
import { asText, hopText, nameIn, plainResponder } from '../responderText.ts';
import { type DiffTable, diffTable } from '../route/diffTable.ts';
import { type DiffView, diffView } from '../route/diffView.ts';
import { drawnHref } from '../test/testView.ts';
import type { HistorySpan } from './alternation.ts';

/** A comparison in the history; drawn once, later entries with the same one link to it. */
interface EntryDiff {
  readonly caption: string;
  readonly view: DiffView;
  /** Its hops; null where another entry shows them. */
  readonly table: DiffTable | null;
  /** Anchor and time of the entry that shows the hops; null: this one does. */
  readonly shownAt: { readonly id: string; readonly time: TimeText } | null;
}

/** A period inside a stretch of alternating routes. */
interface EntryPeriod {
  /** '' for the first, whose anchor is the entry's own. */
  readonly id: string;
  readonly time: TimeText;
  readonly letter: string;
  readonly rank: number;
  readonly traces: string;
}

/** A hop of the oldest route. */
interface EntryHop {
  readonly ttl: number;
  readonly names: string;
  readonly as: string;
}

/** One entry of the history page, newest first. */
export interface HistoryEntry {
  readonly id: string;
  readonly from: TimeText;
  readonly to: TimeText;
  readonly duration: string;
  readonly traces: string;
  readonly letters: readonly { readonly letter: string; readonly rank: number }[];
  /** `Route B`, or `Routes A and B alternate, 57 changes`. */
  readonly heading: string;
  /** What became of the destination, where that is new; else ''. */
  readonly note: string;
  readonly asPath: string;
  /** Pictures of its routes, links without ending. */
  readonly drawings: readonly { readonly letter: string; readonly href: string }[];
  readonly reached: boolean;
  /** The oldest entry: the route may have been in use before the data begins. */
  readonly openStart: boolean;
  readonly openEnd: boolean;
  readonly shares: string;
  /** Detected in this entry, newest first. */
  readonly changes: readonly ChangeNote[];
  /** Of the oldest entry, which is compared with nothing; else empty. */
  readonly hops: readonly EntryHop[];
  readonly diffs: readonly EntryDiff[];
  readonly periods: readonly EntryPeriod[];
  /** Periods of the stretch that are not listed. */
  readonly periodsLeft: number;
}

/** Longer histories stand in the JSON file in full. */
export const mostEntries = 200;
const mostPeriods = 24;
const mostChanges = 20;
const mostAlternativeDiffs = 2;
const mostLetters = 4;

/** Anchor of a period: its start, so that a link to it holds for as long as the period is kept. */
function periodId(from: number): string {
  return `t${isoTime(from).replaceAll(/[-:]/g, '')}`;
}

/** What is worked out once for all entries of a page. */
interface Shared {
  readonly analysis: TestAnalysis;
  readonly ranks: ReadonlyMap<string, number>;
  readonly variants: ReadonlyMap<string, RouteVariant>;
  readonly changes: readonly ChangeRecord[];
  readonly drawn: ReadonlyMap<string, string>;
  /** Comparisons shown so far by `older>newer`, and where. */
  readonly shown: Map<string, { view: DiffView; id: string; time: TimeText }>;
}

function diffOf(shared: Shared, older: string, newer: string, at: RoutePeriod): EntryDiff[] {
  const from = shared.variants.get(older);
  const to = shared.variants.get(newer);
  if (from === undefined || to === undefined || from === to) return [];
  const key = `${older}>${newer}`;
  const caption = `${older} → ${newer}`;
  const before = shared.shown.get(key);
  if (before !== undefined) return [{ caption, view: before.view, table: null, shownAt: before }];
  const view = diffView(shared.analysis, from, to);
  shared.shown.set(key, { view, id: periodId(at.from), time: timeText(at.from) });
  const table = diffTable(caption, [`Route ${older}`, `Route ${newer}`], view.lines);
  return [{ caption, view, table, shownAt: null }];
}

function alternate(letters: readonly string[]): string {
  if (letters.length === 1) return `Route ${letters[0]}, reached on and off`;
  if (letters.length > mostLetters) return `${letters.length} routes alternate`;
  return `Routes ${listText(letters.toSorted())} alternate`;
}

function note({ responders, periods }: TestAnalysis, span: HistorySpan): string {
  const period = periods[span.first] as RoutePeriod;
  if (span.variants.length > 0) return '';
  if (period.reached) {
    return periods[span.first - 1]?.reached === false ? 'The destination answers again.' : '';
  }
  const end = period.route.findLast(({ addresses }) => addresses.length > 0);
  const where =
    end === undefined ? 'no hop answers' : `the last answer comes from ${hopText(responders, end)}`;
  return `The destination does not answer; ${where}.`;
}

function entryDiffs(shared: Shared, span: HistorySpan): EntryDiff[] {
  const { periods } = shared.analysis;
  const first = periods[span.first] as RoutePeriod;
  const before = periods[span.first - 1]?.variant;
  const [main, ...others] = span.variants;
  const into = before === undefined ? [] : diffOf(shared, before, first.variant, first);
  if (main === undefined) return into;
  const inside = others
    .slice(0, mostAlternativeDiffs)
    .flatMap(({ letter }) => diffOf(shared, main.letter, letter, first));
  return span.variants.some(({ letter }) => letter === before) ? inside : [...into, ...inside];
}

function entryHops({ responders }: TestAnalysis, { route }: RoutePeriod): EntryHop[] {
  return route.map(({ ttl, addresses, asn }) => ({
    ttl,
    names:
      addresses.length === 0
        ? 'silent'
        : addresses.map((one) => plainResponder(responders, one)).join(', '),
    as: asText(asn, null),
  }));
}

/** The oldest entry has what came before it too: its periods may have been forgotten. */
function changesWithin({ analysis, changes }: Shared, span: HistorySpan): ChangeNote[] {
  const from = span.first === 0 ? -Infinity : (analysis.periods[span.first]?.from ?? 0);
  const until = analysis.periods[span.last + 1]?.from ?? Infinity;
  return changes
    .filter(({ change: { onset } }) => onset.by >= from && onset.by < until)
    .slice(0, mostChanges)
    .map((record) => changeNote(record, nameIn(analysis.responders)));
}

function entry(shared: Shared, span: HistorySpan): HistoryEntry {
  const { analysis, ranks } = shared;
  const { periods } = analysis;
  const first = periods[span.first] as RoutePeriod;
  const last = periods[span.last] as RoutePeriod;
  const next = periods[span.last + 1];
  const own = periods.slice(span.first, span.last + 1);
  const letters =
    span.variants.length > 0 ? span.variants.map(({ letter }) => letter) : [first.variant];
  const traces = own.reduce((sum, period) => sum + period.traces, 0);
  const inside = span.variants.length > 0 ? own.slice(-mostPeriods).reverse() : [];
  const heading =
    span.variants.length > 0
      ? `${alternate(letters)}, ${counted(own.length - 1, 'change')}`
      : `Route ${first.variant}`;
  return {
    id: periodId(first.from),
    from: timeText(first.from),
    to: timeText(next?.from ?? last.to),
    duration: duration((next?.from ?? last.to) - first.from),
    traces: counted(traces, 'trace'),
    letters: letters
      .slice(0, mostLetters)
      .map((letter) => ({ letter, rank: ranks.get(letter) ?? 0 })),
    heading,
    note: note(analysis, span),
    asPath: asPathText(shared.variants.get(letters[0] as string)?.asPath ?? first.asPath),
    drawings: letters.slice(0, mostLetters).flatMap((letter) => {
      const href = drawnHref(shared.drawn, letter);
      return href === '' ? [] : [{ letter, href }];
    }),
    reached: last.reached,
    openStart: span.first === 0,
    openEnd: next === undefined,
    shares: span.variants
      .slice(0, mostLetters)
      .map((variant) => `${variant.letter} ${share(variant.traces / traces)}`)
      .join(', '),
    changes: changesWithin(shared, span),
    hops: span.first === 0 ? entryHops(analysis, first) : [],
    diffs: entryDiffs(shared, span),
    periods: inside.map((period) => ({
      id: period === first ? '' : periodId(period.from),
      time: timeText(period.from),
      letter: period.variant,
      rank: ranks.get(period.variant) ?? 0,
      traces: counted(period.traces, 'trace'),
    })),
    periodsLeft: span.variants.length > 0 ? own.length - inside.length : 0,
  };
}

/** Entries of the history, newest first, at most `mostEntries`. `changes` of the test, newest first. */
export function historyEntries(
  analysis: TestAnalysis,
  ranks: ReadonlyMap<string, number>,
  spans: readonly HistorySpan[],
  changes: readonly ChangeRecord[],
  drawn: ReadonlyMap<string, string>,
): HistoryEntry[] {
  const shared: Shared = {
    analysis,
    ranks,
    variants: new Map(analysis.variants.map((variant) => [variant.letter, variant])),
    changes,
    drawn,
    shown: new Map(),
  };
  return spans
    .slice(-mostEntries)
    .reverse()
    .map((span) => entry(shared, span));
}
