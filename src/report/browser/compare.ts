/*
 * Compares routes and round-trip times at two points in time, stored in the hash as
 * #a=SECONDS&b=SECONDS.
 */
import { utcTime } from '../../model/values/format.ts';
import { rttShiftText } from '../compare/rttShift.ts';
import { find, findAll } from './shared/dom.ts';
import { readHash, writeHash } from './shared/hashChoice.ts';

/** A trace of the test. */
interface Point {
  /** Epoch seconds. */
  readonly at: number;
  readonly variant: string;
  /** ms; null without a time. */
  readonly rttMs: number | null;
}

const maxSamples = 30;

function parsePoints({ from, points = '' }: DOMStringMap): Point[] {
  return points.split(';').map((text) => {
    const [offset, variant = '', rtt = ''] = text.split(',');
    const at = Number(from) + Number(offset);
    return { at, variant, rttMs: rtt === '' ? null : Number(rtt) };
  });
}

function start(box: HTMLElement): void {
  const effect = find('[data-effect]', box);
  const variantDiffs = findAll<HTMLDetailsElement>('[data-variants]');
  const before = find<HTMLSelectElement>('[data-moment="a"]', box);
  const after = find<HTMLSelectElement>('[data-moment="b"]', box);
  const points = parsePoints(box.dataset);
  const pointAt = (index: number): Point => points.at(index) as Point;

  /**
   * Index of the last trace at or before a time in seconds or ISO 8601; the newest trace if
   * invalid.
   */
  function indexAt(text: string): number {
    const at = /^\d+$/.test(text) ? Number(text) : Date.parse(text) / 1000;
    if (Number.isNaN(at)) return points.length - 1;
    const index = points.findLastIndex((point) => point.at <= at);
    return Math.max(0, index);
  }

  /** Round-trip times, ms, of the traces on the same route that are nearest in time. */
  function nearbyRtts({ at, variant }: Point): number[] {
    return points
      .filter((point) => point.variant === variant && point.rttMs !== null)
      .sort((x, y) => Math.abs(x.at - at) - Math.abs(y.at - at))
      .slice(0, maxSamples)
      .flatMap(({ rttMs }) => rttMs ?? []);
  }

  function rttText(one: Point, other: Point): string {
    const shift = rttShiftText(nearbyRtts(one), nearbyRtts(other));
    return shift === null ? 'too few round-trip times to compare' : `RTT ${shift}`;
  }

  /** Opens the comparison of two routes; false when the page has none. */
  function openDiff(one: string, other: string): boolean {
    const names = [`${one} ${other}`, `${other} ${one}`];
    for (const diff of variantDiffs) diff.open = names.includes(diff.dataset.variants ?? '');
    return variantDiffs.some(({ open }) => open);
  }

  function show(one: Point, other: Point): void {
    const isSame = one.variant === other.variant;
    const isFound = openDiff(one.variant, other.variant) || isSame;
    const routes = isSame
      ? `route ${one.variant} at both times`
      : `route ${one.variant} → route ${other.variant}`;
    const missing = isFound ? '' : '; this page does not compare such rare routes';
    effect.textContent = `${utcTime(one.at)} → ${utcTime(other.at)}: ${routes}, ${rttText(one, other)}${missing}.`;
  }

  function choose(select: HTMLSelectElement, { at }: Point): void {
    const option = [...select.options].find(({ value }) => Number(value) <= at);
    if (option !== undefined) select.value = option.value;
  }

  /** Index of the first trace of the current route period. */
  function newestChange(): number {
    const newest = pointAt(-1).variant;
    return points.findLastIndex(({ variant }) => variant !== newest) + 1;
  }

  /**
   * Index of the last trace before one that took another route; the first trace when there is none.
   */
  function previousRoute(index: number): number {
    const { variant } = pointAt(index);
    const found = points.findLastIndex((point, at) => at < index && point.variant !== variant);
    return Math.max(0, found);
  }

  function read(): void {
    const hash = readHash();
    const [a, b] = [hash.get('a'), hash.get('b')];
    const right = b === null ? newestChange() : indexAt(b);
    const left = a === null ? previousRoute(right) : indexAt(a);
    choose(before, pointAt(left));
    choose(after, pointAt(right));
    show(pointAt(left), pointAt(right));
  }

  for (const select of [before, after]) {
    select.addEventListener('change', () => {
      writeHash([
        ['a', before.value],
        ['b', after.value],
      ]);
      read();
    });
  }
  addEventListener('hashchange', read);
  read();
}

const box = document.querySelector<HTMLElement>('[data-moments]');
if (box !== null) start(box);
