import type { ChangeRecord } from '../../model/change/changeRecord.ts';
import type { RoutePeriod, RouteVariant, TestAnalysis } from '../../model/site/analysis.ts';
import {
  asPathText,
  formatDuration,
  formatShare,
  isoTime,
  pluralize,
  type TimeText,
  timeText,
} from '../../model/values/format.ts';
import { type ChangeNote, changeNote } from '../changes/changeNote.ts';
import { type ChangeWhy, changeWhy } from '../changes/changeWhy.ts';
import { listText } from '../listText.ts';
import { asText, hopText, hostNameLookup, responderPlainText } from '../responderText.ts';
import { type DiffTable, diffTable } from '../route/diffTable.ts';
import { type DiffView, diffView } from '../route/diffView.ts';
import { pictureHref } from '../test/testView.ts';
import type { HistorySegment } from './alternation.ts';

/** A comparison in the history. The page shows each once; later entries link to it. */
interface EntryDiff {
  readonly caption: string;
  readonly view: DiffView;
  /** Its hops; null if another entry shows them. */
  readonly table: DiffTable | null;
  /** Anchor and time of the entry that shows the hops; null for this entry. */
  readonly shownAt: { readonly id: string; readonly time: TimeText } | null;
}

/** A route period within a segment of alternating routes. */
interface EntryPeriod {
  /** '' for the first period, which has the anchor of the entry. */
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

/** A change, and why it was reported. */
type ExplainedChange = ChangeNote & { readonly why: ChangeWhy };

/** One entry of the history page. */
export interface HistoryEntry {
  readonly id: string;
  readonly from: TimeText;
  readonly to: TimeText;
  readonly duration: string;
  readonly traces: string;
  readonly letters: readonly { readonly letter: string; readonly rank: number }[];
  /** `Route B`, or `Routes A and B alternate, 57 changes`. */
  readonly heading: string;
  /** A change of reachability; '' if there is none. */
  readonly note: string;
  readonly asPath: string;
  /** Pictures of its routes; links without extension. */
  readonly pictures: readonly { readonly letter: string; readonly href: string }[];
  readonly reached: boolean;
  /** Whether this is the oldest entry, whose route may be older than the data. */
  readonly openStart: boolean;
  readonly openEnd: boolean;
  readonly shares: string;
  /** Changes detected in this entry, newest first. */
  readonly changes: readonly ExplainedChange[];
  /** Only for the oldest entry, which has no predecessor to compare with; else empty. */
  readonly hops: readonly EntryHop[];
  readonly diffs: readonly EntryDiff[];
  readonly periods: readonly EntryPeriod[];
  /** Number of periods that are not listed. */
  readonly periodsLeft: number;
}

/** The JSON file has longer histories in full. */
export const maxEntries = 200;
const maxPeriods = 24;
const maxChanges = 20;
const maxAlternativeDiffs = 2;
const maxLetters = 4;

/** Anchor of a period: its start, so that links work as long as the period exists. */
function periodId(from: number): string {
  return `t${isoTime(from).replaceAll(/[-:]/g, '')}`;
}

/** Data shared by all entries of a page. */
interface EntryContext {
  readonly analysis: TestAnalysis;
  readonly ranks: ReadonlyMap<string, number>;
  readonly variants: ReadonlyMap<string, RouteVariant>;
  readonly changes: readonly ChangeRecord[];
  readonly picturePaths: ReadonlyMap<string, string>;
  /** Comparisons shown so far and their entries, by `older>newer`. */
  readonly shownDiffs: Map<string, { view: DiffView; id: string; time: TimeText }>;
}

function diffOnce(
  context: EntryContext,
  older: string,
  newer: string,
  at: RoutePeriod,
): EntryDiff[] {
  const from = context.variants.get(older);
  const to = context.variants.get(newer);
  if (from === undefined || to === undefined || from === to) return [];
  const key = `${older}>${newer}`;
  const caption = `${older} → ${newer}`;
  const before = context.shownDiffs.get(key);
  if (before !== undefined) return [{ caption, view: before.view, table: null, shownAt: before }];
  const view = diffView(context.analysis, from, to);
  context.shownDiffs.set(key, { view, id: periodId(at.from), time: timeText(at.from) });
  const table = diffTable(caption, [`Route ${older}`, `Route ${newer}`], view.lines);
  return [{ caption, view, table, shownAt: null }];
}

function alternationText(letters: readonly string[]): string {
  if (letters.length === 1) return `Route ${letters[0]}, intermittently reached`;
  if (letters.length > maxLetters) return `${letters.length} routes alternate`;
  return `Routes ${listText(letters.toSorted())} alternate`;
}

function noteText({ responders, periods }: TestAnalysis, segment: HistorySegment): string {
  const period = periods[segment.first] as RoutePeriod;
  if (segment.variants.length > 0) return '';
  if (period.reached) {
    return periods[segment.first - 1]?.reached === false ? 'The destination replies again.' : '';
  }
  const end = period.route.findLast(({ addresses }) => addresses.length > 0);
  const where =
    end === undefined ? 'no hop replies' : `the last reply is from ${hopText(responders, end)}`;
  return `The destination does not reply; ${where}.`;
}

function entryDiffs(context: EntryContext, segment: HistorySegment): EntryDiff[] {
  const { periods } = context.analysis;
  const first = periods[segment.first] as RoutePeriod;
  const before = periods[segment.first - 1]?.variant;
  const [main, ...others] = segment.variants;
  const diffFromPrevious =
    before === undefined ? [] : diffOnce(context, before, first.variant, first);
  if (main === undefined) return diffFromPrevious;
  const diffsInside = others
    .slice(0, maxAlternativeDiffs)
    .flatMap(({ letter }) => diffOnce(context, main.letter, letter, first));
  return segment.variants.some(({ letter }) => letter === before)
    ? diffsInside
    : [...diffFromPrevious, ...diffsInside];
}

function entryHops({ responders }: TestAnalysis, { route }: RoutePeriod): EntryHop[] {
  return route.map(({ ttl, addresses, asn }) => ({
    ttl,
    names:
      addresses.length === 0
        ? 'silent'
        : addresses.map((one) => responderPlainText(responders, one)).join(', '),
    as: asText(asn, null),
  }));
}

/**
 * Changes during a segment. The oldest one includes earlier changes, whose periods may be pruned.
 */
function changesWithin(
  { analysis, changes }: EntryContext,
  segment: HistorySegment,
): ExplainedChange[] {
  const from = segment.first === 0 ? -Infinity : (analysis.periods[segment.first]?.from ?? 0);
  const until = analysis.periods[segment.last + 1]?.from ?? Infinity;
  const nameOf = hostNameLookup(analysis.responders);
  return changes
    .filter(({ change: { onset } }) => onset.by >= from && onset.by < until)
    .slice(0, maxChanges)
    .map((record) => ({ ...changeNote(record, nameOf), why: changeWhy(record, nameOf) }));
}

/** The newest periods of a segment, newest first. */
function listedPeriods(
  periods: readonly RoutePeriod[],
  ranks: ReadonlyMap<string, number>,
): EntryPeriod[] {
  return periods
    .slice(-maxPeriods)
    .reverse()
    .map((period) => ({
      id: period === periods[0] ? '' : periodId(period.from),
      time: timeText(period.from),
      letter: period.variant,
      rank: ranks.get(period.variant) ?? 0,
      traces: pluralize(period.traces, 'trace'),
    }));
}

function buildEntry(context: EntryContext, segment: HistorySegment): HistoryEntry {
  const { analysis, ranks } = context;
  const { periods } = analysis;
  const first = periods[segment.first] as RoutePeriod;
  const last = periods[segment.last] as RoutePeriod;
  const next = periods[segment.last + 1];
  const ownPeriods = periods.slice(segment.first, segment.last + 1);
  const letters =
    segment.variants.length > 0 ? segment.variants.map(({ letter }) => letter) : [first.variant];
  const traces = ownPeriods.reduce((sum, period) => sum + period.traces, 0);
  const heading =
    segment.variants.length > 0
      ? `${alternationText(letters)}, ${pluralize(ownPeriods.length - 1, 'change')}`
      : `Route ${first.variant}`;
  return {
    id: periodId(first.from),
    from: timeText(first.from),
    to: timeText(next?.from ?? last.to),
    duration: formatDuration((next?.from ?? last.to) - first.from),
    traces: pluralize(traces, 'trace'),
    letters: letters
      .slice(0, maxLetters)
      .map((letter) => ({ letter, rank: ranks.get(letter) ?? 0 })),
    heading,
    note: noteText(analysis, segment),
    asPath: asPathText(context.variants.get(letters[0] as string)?.asPath ?? first.asPath),
    pictures: letters.slice(0, maxLetters).flatMap((letter) => {
      const href = pictureHref(context.picturePaths, letter);
      return href === '' ? [] : [{ letter, href }];
    }),
    reached: last.reached,
    openStart: segment.first === 0,
    openEnd: next === undefined,
    shares: segment.variants
      .slice(0, maxLetters)
      .map((variant) => `${variant.letter} ${formatShare(variant.traces / traces)}`)
      .join(', '),
    changes: changesWithin(context, segment),
    hops: segment.first === 0 ? entryHops(analysis, first) : [],
    diffs: entryDiffs(context, segment),
    periods: segment.variants.length > 0 ? listedPeriods(ownPeriods, ranks) : [],
    periodsLeft: segment.variants.length > 0 ? Math.max(0, ownPeriods.length - maxPeriods) : 0,
  };
}

/**
 * Entries of the history, newest first, at most `maxEntries`. `changes`: those of the test, newest
 * first.
 */
export function historyEntries(
  analysis: TestAnalysis,
  ranks: ReadonlyMap<string, number>,
  segments: readonly HistorySegment[],
  changes: readonly ChangeRecord[],
  picturePaths: ReadonlyMap<string, string>,
): HistoryEntry[] {
  const context: EntryContext = {
    analysis,
    ranks,
    variants: new Map(analysis.variants.map((variant) => [variant.letter, variant])),
    changes,
    picturePaths,
    shownDiffs: new Map(),
  };
  return segments
    .slice(-maxEntries)
    .reverse()
    .map((segment) => buildEntry(context, segment));
}
