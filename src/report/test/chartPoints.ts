import type { SeriesPoint } from '../../model/site/analysis.ts';
import { formatHundredths } from '../../model/values/format.ts';

/**
 * A series as text for scripts: one entry per trace, separated by `;`. Fields: seconds since
 * `from`, variant, RTT in ms (empty: none), hops, MTU (empty: unknown), and `!` if the destination
 * was not reached.
 */
export function chartPoints(series: readonly SeriesPoint[], from: number): string {
  return series
    .map(
      ({ at, variant, rttMs, hops, pathMtu, reached }) =>
        `${at - from},${variant},${rttMs === null ? '' : formatHundredths(rttMs)},${hops},${pathMtu ?? ''}${reached ? '' : ',!'}`,
    )
    .join(';');
}

/** Reads `chartPoints`; empty for ''. */
export function parseChartPoints(text: string, from: number): SeriesPoint[] {
  if (text === '') return [];
  return text.split(';').map((entry) => {
    const [seconds, variant = '', rtt = '', hops, mtu = '', mark] = entry.split(',');
    return {
      at: from + Number(seconds),
      variant,
      rttMs: rtt === '' ? null : Number(rtt),
      hops: Number(hops),
      pathMtu: mtu === '' ? null : Number(mtu),
      reached: mark !== '!',
    };
  });
}
