import { html, type Markup, nothing } from '../html.ts';
import type { MtuPanel } from './mtuPanel.ts';
import type { RankedPath } from './rankedPaths.ts';
import type { ScaleTick } from './rttPanel.ts';
import type { TestChart } from './testChart.ts';
import type { TimeTick } from './timeAxis.ts';
import type { VariantBand } from './variantBand.ts';

/** The chart of a test as two drawings: the scale, which stays in sight, and the plot. */
export function testChartDrawing(chart: TestChart): Markup {
  return html`${scaleDrawing(chart)}${plotDrawing(chart)}`;
}

function scaleDrawing({ height, band, rtt, hops, mtu }: TestChart): Markup {
  return html`<svg class="chart-scale" width="40" height="${height}" aria-hidden="true">
${panelTitle('Route', band.y, centered)}
${panelTitle('RTT ms', rtt.titleY)}
${rtt.ticks.map(scaleTick)}
${panelTitle('Hops', hops.titleY)}
${hops.ticks.map(scaleTick)}
${mtu === null ? nothing : panelTitle('MTU', mtu.y, centered)}
</svg>
`;
}

/** Puts text on a line instead of above it. */
const centered = html` dy="4"`;

function panelTitle(title: string, y: number, attributes = nothing): Markup {
  return html`<text class="panel-title" x="0" y="${y}"${attributes}>${title}</text>`;
}

function scaleTick({ y, label }: ScaleTick): Markup {
  return html`<text x="36" y="${y}" dy="4" text-anchor="end">${label}</text>`;
}

function plotDrawing({
  height,
  floor,
  ticks,
  grid,
  band,
  rtt,
  hops,
  mtu,
  failed,
}: TestChart): Markup {
  return html`<svg class="chart-plot" width="100%" height="${height}" role="img" aria-label="Route, round-trip time, hop count and MTU over time. The table below holds the same figures.">
<svg width="100%" height="${height}" viewBox="0 0 1000 ${height}" preserveAspectRatio="none">
<path class="grid" d="${rtt.grid}${grid}"/>
<path class="missed" d="${rtt.missed}"/>
<path class="range" d="${rtt.range}"/>
<path class="half" d="${rtt.half}"/>
<path class="line" d="${rtt.line}"/>
${rtt.dots.map((path) => rankedPath('dots', path))}
<path class="median" d="${rtt.median}"/>
<path class="above" d="${rtt.above}"/>
<path class="failed-run" d="${failed}"/>
${band.segments.map((path) => rankedPath('band', path))}
<path class="changes" d="${band.changes}"/>
<path class="hop-line" d="${hops.line}"/>
${mtu === null ? nothing : html`<path class="mtu-full" d="${mtu.full}"/><path class="mtu-reduced" d="${mtu.reduced}"/>`}
</svg>
${band.letters.map((mark) => bandLetter(mark, band.y))}
${mtu === null ? nothing : mtu.labels.map((mark) => mtuLabel(mark, mtu.y))}
${ticks.map((tick) => timeTick(tick, floor))}
</svg>
`;
}

function rankedPath(name: string, { rank, d }: RankedPath): Markup {
  return html`<path class="${name} v${rank}" d="${d}"/>`;
}

/** CSS class of labels to hide if there is little room. */
function minorClass(minor: boolean): string {
  return minor ? ' minor' : '';
}

function bandLetter({ rank, minor, x, letter }: VariantBand['letters'][number], y: number): Markup {
  return html`<text class="letter v${rank}${minorClass(minor)}" x="${x}" y="${y}" dy="4">${letter}</text>`;
}

function mtuLabel({ reduced, minor, x, label }: MtuPanel['labels'][number], y: number): Markup {
  return html`<text class="mtu-label${reduced ? ' reduced' : ''}${minorClass(minor)}" x="${x}" y="${y}" dy="4">${label}</text>`;
}

function timeTick({ minor, x, anchor, iso, label }: TimeTick, floor: number): Markup {
  return html`<text class="tick${minorClass(minor)}" x="${x}" y="${floor}" dy="15" text-anchor="${anchor}" data-at="${iso}">${label}</text>`;
}
