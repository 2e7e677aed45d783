import { truncate } from '../../lib/truncate.ts';
import type { TestAnalysis } from '../../model/site/analysis.ts';
import { asLabel, formatMsCell, formatPercent } from '../../model/values/format.ts';
import { responderText } from '../responderText.ts';
import type { CurrentHop } from '../route/currentRoute.ts';
import { type HopLoss, type LossKind, lossKind } from '../route/hopLoss.ts';

/** A hop in an AS box of the route diagram. */
interface BoxHop {
  readonly y: number;
  readonly ttl: string;
  readonly name: string;
  /** Tooltip: full name and address. */
  readonly title: string;
  readonly rtt: string;
  readonly loss: string;
  readonly lossKind: LossKind;
  readonly silent: boolean;
}

/**
 * Consecutive hops of one AS: a box of the route diagram. Each is an SVG, so that boxes wrap like
 * words.
 */
export interface AsBox {
  readonly title: string;
  readonly name: string;
  readonly height: number;
  /** Height of its border. */
  readonly frame: number;
  readonly hue: number;
  /** An arrow leads here from the previous box. */
  readonly hasArrow: boolean;
  readonly hops: readonly BoxHop[];
}

/** Pixels; must match asBoxDrawing.ts. */
const headHeight = 40;
const lineHeight = 18;
const footHeight = 8;
const hueCount = 7;
/** Numbers of characters that fit at the font size of the diagram. */
const maxNameLength = 21;
const maxTitleLength = 34;

/** Truncates a long name in the middle, because its first labels and its domain matter most. */
function truncateName(name: string, suffix: string): string {
  const maxLength = maxNameLength - suffix.length;
  if (name.length <= maxLength) return name + suffix;
  return `${name.slice(0, maxLength - 11)}…${name.slice(-10)}${suffix}`;
}

/** AS of each hop: its own, or the surrounding one; undefined for a silent hop between two ASes. */
function asOfEachHop(
  responders: TestAnalysis['responders'],
  hops: readonly CurrentHop[],
): (number | null | undefined)[] {
  const own = hops.map(({ addresses, usual }) => {
    const address = addresses[0] ?? usual[0];
    return address === undefined ? undefined : (responders.get(address)?.asn ?? null);
  });
  let before: number | null = null;
  return own.map((asn, index) => {
    if (asn) {
      before = asn;
      return asn;
    }
    const after = own.slice(index).find((other) => other);
    return before !== null && before === after ? before : asn;
  });
}

function buildBoxHop(
  responders: TestAnalysis['responders'],
  hop: CurrentHop,
  loss: HopLoss | undefined,
): Omit<BoxHop, 'y'> {
  const silent = hop.addresses.length === 0;
  const [first, ...others] = silent ? hop.usual : hop.addresses;
  const text = first === undefined ? null : responderText(responders, first);
  const rtt = hop.rttMs[0] ?? null;
  return {
    ttl: `${hop.ttl}`,
    name:
      text === null
        ? 'silent'
        : truncateName(text.name, others.length > 0 ? ` +${others.length}` : ''),
    title: text === null ? '' : [text.name, text.address].filter(Boolean).join(' '),
    rtt: rtt === null ? '' : formatMsCell(rtt),
    loss: loss?.lossPct ? formatPercent(loss.lossPct) : '',
    lossKind: lossKind(loss),
    silent,
  };
}

interface OpenBox {
  readonly asn: number | null;
  readonly asName: string;
  readonly hops: BoxHop[];
}

/** Groups consecutive hops by AS; silent hops between two ASes belong to the first. */
function groupHopsByAs(
  responders: TestAnalysis['responders'],
  hops: readonly CurrentHop[],
  losses: readonly HopLoss[],
): OpenBox[] {
  const boxes: OpenBox[] = [];
  const asns = asOfEachHop(responders, hops);
  hops.forEach((hop, index) => {
    const asn = asns[index];
    let box = boxes.at(-1);
    if (box === undefined || (asn !== undefined && box.asn !== asn)) {
      const address = hop.addresses[0] ?? hop.usual[0] ?? '';
      const asName = asn ? (responders.get(address)?.asName ?? '') : '';
      box = { asn: asn ?? null, asName, hops: [] };
      boxes.push(box);
    }
    const y = headHeight + box.hops.length * lineHeight + 12;
    box.hops.push({ y, ...buildBoxHop(responders, hop, losses[index]) });
  });
  return boxes;
}

/** Boxes of the current route in route order; empty without a trace. */
export function asBoxes(
  { responders }: Pick<TestAnalysis, 'responders'>,
  hops: readonly CurrentHop[],
  losses: readonly HopLoss[],
): AsBox[] {
  const hueOf = new Map<number, number>();
  return groupHopsByAs(responders, hops, losses).map((box, index) => {
    if (box.asn !== null && !hueOf.has(box.asn)) hueOf.set(box.asn, (hueOf.size % hueCount) + 1);
    const height = headHeight + box.hops.length * lineHeight + footHeight;
    return {
      title: box.asn === null ? 'AS unknown' : asLabel(box.asn),
      name: truncate(box.asName, maxTitleLength),
      height,
      frame: height - 1,
      hue: box.asn === null ? 8 : (hueOf.get(box.asn) ?? 8),
      hasArrow: index > 0,
      hops: box.hops,
    };
  });
}
