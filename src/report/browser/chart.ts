/*
 * The chart of a test shows the values at the pointer or the arrow keys; the raw trace gets a copy
 * button.
 */
import { bisector } from 'd3-array';
import type { SeriesPoint } from '../../model/site/analysis.ts';
import { formatMs, isoTime, utcTime } from '../../model/values/format.ts';
import { parseChartPoints } from '../test/chartPoints.ts';
import { button, find, findAll } from './shared/dom.ts';
import { inReaderZone } from './shared/readerZone.ts';

const svgNamespace = 'http://www.w3.org/2000/svg';
const pageStep = 12;
const steps = new Map([
  ['ArrowLeft', -1],
  ['ArrowRight', 1],
  ['PageUp', -pageStep],
  ['PageDown', pageStep],
  ['Home', Number.NEGATIVE_INFINITY],
  ['End', Number.POSITIVE_INFINITY],
]);
const copiedMs = 2000;
const monthNames = new Intl.DateTimeFormat('en-US', { month: 'short' });
const byTime = bisector(({ at }: SeriesPoint) => at);

function pointText({ at, variant, rttMs, hops, pathMtu, reached }: SeriesPoint): string {
  const rttText = rttMs === null ? 'no RTT' : formatMs(rttMs);
  const parts = [
    inReaderZone({ iso: isoTime(at), text: utcTime(at) }),
    `route ${variant}`,
    reached ? rttText : 'not reached',
    `${hops} hops`,
  ];
  return [...parts, ...(pathMtu === null ? [] : [`MTU ${pathMtu}`])].join(', ');
}

function createCursor(): SVGLineElement {
  const cursor = document.createElementNS(svgNamespace, 'line');
  cursor.setAttribute('class', 'cursor');
  cursor.setAttribute('y1', '0');
  cursor.setAttribute('y2', '100%');
  return cursor;
}

/** Makes a chart read out its traces; returns what shows the latest one again. */
function setUp(figure: HTMLElement): () => void {
  const points = parseChartPoints(figure.dataset.points ?? '', Number(figure.dataset.from));
  const last = points.length - 1;
  const from = Number(figure.dataset.from);
  const to = Number(figure.dataset.to);
  const plot = find<SVGElement>('.chart-plot', figure);
  const readout = find('[data-readout]', figure);
  const cursor = createCursor();
  let shown = last;

  readout.hidden = false;
  readout.setAttribute('aria-live', 'polite');
  plot.tabIndex = 0;

  function show(index: number): void {
    shown = Math.max(0, Math.min(last, index));
    const point = points[shown];
    if (point === undefined) return;
    const x = `${((point.at - from) / (to - from)) * 100}%`;
    cursor.setAttribute('x1', x);
    cursor.setAttribute('x2', x);
    plot.append(cursor);
    readout.textContent = pointText(point);
  }

  function showLatest(): void {
    cursor.remove();
    shown = last;
    const latest = points[last];
    readout.textContent = latest === undefined ? '' : `Latest: ${pointText(latest)}`;
  }

  plot.addEventListener('pointermove', (event) => {
    const { left, width } = plot.getBoundingClientRect();
    show(byTime.right(points, from + ((event.clientX - left) / width) * (to - from)) - 1);
  });
  plot.addEventListener('pointerleave', showLatest);
  plot.addEventListener('blur', showLatest);
  plot.addEventListener('keydown', (event) => {
    const step = steps.get(event.key);
    if (step === undefined) return;
    event.preventDefault();
    show(shown + step);
  });
  showLatest();
  return showLatest;
}

/** A label of the time axis in the reader's zone: `09:00`, with the date if the HTML has one. */
function tickText(tick: SVGElement): string {
  tick.dataset.utc ??= tick.textContent ?? '';
  const { at = '', utc } = tick.dataset;
  const utcClock = at.slice(11, 16);
  const clock = inReaderZone({ iso: at, text: utcClock });
  if (utc.includes(':')) return clock;
  if (clock === utcClock) return utc;
  const date = new Date(at);
  return `${date.getDate()} ${monthNames.format(date)} ${clock}`;
}

const resetFunctions = findAll('[data-chart]').map(setUp);

function showZone(): void {
  for (const tick of findAll<SVGElement>('.chart [data-at]')) tick.textContent = tickText(tick);
  for (const showLatest of resetFunctions) showLatest();
}

function addCopyButton(box: HTMLElement): void {
  const copy = button(() => void copyText(), 'Copy');
  async function copyText(): Promise<void> {
    await navigator.clipboard.writeText(find('pre', box).textContent ?? '');
    copy.textContent = 'Copied';
    setTimeout(() => {
      copy.textContent = 'Copy';
    }, copiedMs);
  }
  box.append(copy);
}

document.querySelector('[data-zone-switch]')?.addEventListener('click', showZone);
showZone();
// Browsers offer no clipboard to pages from a file or over HTTP.
if ('clipboard' in navigator) findAll('[data-copy]').forEach(addCopyButton);
