import type { TestAnalysis } from '../../model/site/analysis.ts';
import type { Test } from '../../model/test/test.ts';
import type { Trace } from '../../model/trace/trace.ts';
import { isoTime } from '../../model/values/format.ts';
import { html, type Markup } from '../html.ts';
import type { Picture } from '../publish/pictures.ts';
import { traceHops } from '../route/currentRoute.ts';
import { probeLoss } from '../route/probeLoss.ts';
import { asBoxDrawing } from '../test/asBoxDrawing.ts';
import { type AsBox, asBoxes } from '../test/asBoxes.ts';
import { traceText } from '../test/traceText.ts';

/** Style of the picture, which has no style sheet: the colors of the pages on white. */
const style = `svg{font:11px system-ui,sans-serif}.ground{fill:#fff}.head{font-size:14px;font-weight:700}
.as-box rect{fill:#fff;stroke-width:1.5px}.as-box .asn{font-weight:700}.as-box .ttl,.as-box .as-name,.as-box .silent text,.fine{fill:#52606b}
.as-box .ttl,.as-box .rtt,.as-box .loss-path,.as-box .loss-local{text-anchor:end}.as-box .loss-path{fill:#b3261e;font-weight:700}
.as-box .loss-local{fill:#52606b}.as-box .arrow{fill:none;stroke:#52606b;stroke-width:1.5px}
.hue-1 rect{stroke:#0072b2}.hue-2 rect{stroke:#d97f00}.hue-3 rect{stroke:#008a65}.hue-4 rect{stroke:#b4558a}.hue-5 rect{stroke:#b84a00}
.hue-6 rect{stroke:#8a7d00}.hue-7 rect{stroke:#3d9bd4}.hue-8 rect{stroke:#5c6770}`;

/** Pixels. */
const boxWidth = 276;
const [margin, gap, headHeight] = [32, 14, 64];
const boxesPerRow = 3;

/**
 * The route of one trace as boxes by AS in reading order, with round-trip time and loss; and as
 * text.
 */
export function routePicture(
  trace: Trace,
  test: Test,
  responders: TestAnalysis['responders'],
): Picture {
  const hops = traceHops(trace);
  const boxes = asBoxes({ responders }, hops, probeLoss(trace));
  const ends = `${test.source.name} to ${test.destination.name}`;
  const facts = `${isoTime(trace.startedAt)}, IPv${test.family}, ${test.tool}, ${
    trace.route.reached ? 'destination reached' : 'destination not reached'
  }`;
  return {
    svg: `${pictureSvg(ends, facts, boxes)}`,
    text: `${traceText(trace, test, responders)}\n`,
  };
}

function pictureSvg(ends: string, facts: string, boxes: readonly AsBox[]): Markup {
  const rows = arrangeInRows(boxes);
  const height =
    headHeight + rows.reduce((sum, row) => sum + row.height + gap, 0) + margin / 2 - gap;
  const columns = Math.min(boxesPerRow, Math.max(2, boxes.length));
  const width = margin * 1.5 + columns * boxWidth - 24;
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${ends}, ${facts}">
<title>${ends}</title>
<style>${style}</style>
<rect class="ground" width="${width}" height="${height}"/>
<text class="head" x="${margin}" y="32">${ends}</text><text class="fine" x="${margin}" y="50">${facts}</text>
${rows.map(({ y, boxes: own }) => html`${own.map((box, column) => boxMarkup(box, column, y))}`)}</svg>
`;
}

function boxMarkup(box: AsBox, column: number, y: number): Markup {
  const x = margin - 24 + column * boxWidth;
  return html`<g transform="translate(${x} ${y})">${asBoxDrawing([box])}</g>\n`;
}

function arrangeInRows(boxes: readonly AsBox[]): { y: number; height: number; boxes: AsBox[] }[] {
  const rows: { y: number; height: number; boxes: AsBox[] }[] = [];
  let y = headHeight;
  for (let at = 0; at < boxes.length; at += boxesPerRow) {
    const own = boxes.slice(at, at + boxesPerRow);
    const height = Math.max(...own.map((box) => box.height));
    rows.push({ y, height, boxes: own });
    y += height + gap;
  }
  return rows;
}
