import type { RouteVariant } from '../../model/analysis.ts';
import { asPathText, formatMs, formatShare, timeCell, unknownText } from '../../model/format.ts';
import { routeLength } from '../route/currentRoute.ts';
import { pictureHref, type TestView } from './testView.ts';

/** Rows of the table of route variants. */
export function variantRows(
  { analysis, ranks, picturePaths }: TestView,
  variants: readonly RouteVariant[],
): object[] {
  const current = analysis.series.at(-1)?.variant;
  return variants.map(({ letter, ...variant }) => ({
    letter,
    rank: ranks.get(letter) ?? 0,
    current: letter === current,
    reached: variant.reached,
    share: formatShare(variant.share),
    traces: variant.traces,
    firstSeen: timeCell(variant.firstSeen),
    lastSeen: timeCell(variant.lastSeen),
    rtt: formatMs(variant.medianRttMs),
    hops: routeLength(variant.route),
    mtu: variant.pathMtu ?? unknownText,
    asPath: asPathText(variant.asPath),
    picture: pictureHref(picturePaths, letter),
  }));
}
