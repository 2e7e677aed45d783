/*
 * Shows the values of the newest traces on pages that pstrace drew some runs ago. `latest.js`
 * beside the page has them; it belongs to one drawing of the page.
 */
import { html, Markup } from '../html.ts';
import { parseChartPoints } from '../test/chartPoints.ts';
import { drawHeadParts, drawPageParts } from '../test/latestDrawing.ts';
import { type LatestScript, readLatestScript } from '../test/latestScript.ts';
import type { LatestValues } from '../test/latestValues.ts';
import { find, findAll } from './shared/dom.ts';
import { showTimes } from './shared/readerZone.ts';

declare global {
  interface Window {
    readonly pstraceLatest?: LatestScript;
  }
}

type Point = ReturnType<typeof parseChartPoints>[number];

function show(parts: object): void {
  for (const element of findAll('[data-latest]')) {
    const part: unknown = parts[element.dataset.latest as keyof typeof parts];
    if (!(part instanceof Markup)) continue;
    element.innerHTML = part.toString();
    showTimes(element);
  }
}

/** The links to pictures that the page has. */
function pictureOf(letter: string): Markup {
  const cell = findAll('[data-picture]').find(({ dataset }) => dataset.picture === letter);
  return cell === undefined ? html`` : new Markup(cell.innerHTML);
}

/** The points of the page that are still in the window, and the newer ones. */
function joinPoints({ oldestAt }: LatestValues, newer: readonly Point[]): Point[] {
  const { points = '', from } = find('[data-chart]').dataset;
  const drawn = parseChartPoints(points, Number(from));
  return [...drawn.filter(({ at }) => at >= oldestAt), ...newer];
}

const script = window.pstraceLatest;
const drawn = find('[data-drawn]').dataset.drawn;
if (script !== undefined && drawn === `${script.drawnAt ?? ''}`) {
  const { values, points } = readLatestScript(script);
  if (values.newestAt !== script.drawnAt) {
    show(drawHeadParts(values));
    const hasChart = document.querySelector('[data-chart]') !== null;
    if (hasChart) show(drawPageParts(values, joinPoints(values, points), pictureOf).parts);
  }
}
