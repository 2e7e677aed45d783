import { html, type Markup, nothing } from '../html.ts';
import type { AsBox } from './asBoxes.ts';

type AsBoxHop = AsBox['hops'][number];

/** The boxes of the AS path as SVG. */
export function asBoxDrawing(boxes: readonly AsBox[]): Markup {
  return html`${boxes.map(boxDrawing)}`;
}

function boxDrawing({ title, name, hue, height, frame, hasArrow, hops }: AsBox): Markup {
  const path = hasArrow ? html`<path class="arrow" d="M2 20H18M12 14L18 20L12 26"/>` : nothing;
  return html`<svg class="as-box hue-${hue}" width="276" height="${height}" role="img" aria-label="${title} ${name}, ${hops.length} hops">
${path}<rect x="24.5" y="0.5" width="251" height="${frame}" rx="5"/>
<text class="asn" x="34" y="17">${title}</text><text class="as-name" x="34" y="31">${name}</text>
${hops.map(hopDrawing)}</svg>
`;
}

function hopDrawing(hop: AsBoxHop): Markup {
  const { y } = hop;
  const title = hop.title === '' ? nothing : html`<title>${hop.title}</title>`;
  const rtt = hop.rtt === '' ? nothing : html`<text class="rtt" x="268" y="${y}">${hop.rtt}</text>`;
  const loss =
    hop.loss === ''
      ? nothing
      : html`<text class="loss-${hop.lossKind}" x="230" y="${y}">${hop.loss}</text>`;
  const silent = hop.silent ? html` class="silent"` : nothing;
  return html`<g${silent}>${title}<text class="ttl" x="48" y="${y}">${hop.ttl}</text><text x="54" y="${y}">${hop.name}</text>${rtt}${loss}</g>\n`;
}
