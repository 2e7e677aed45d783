import { formatCoordinate } from './coordinates.ts';

/** A level of a stepped line; plot units across, a coordinate down. */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly y: string;
}

/** A line of levels, in the order of time: vertical between levels that adjoin, broken at gaps. */
export function steppedLine(steps: readonly Step[]): string {
  return steps
    .map(({ from, to, y }, index) => {
      const begin = steps[index - 1]?.to === from ? `V${y}` : `M${formatCoordinate(from)} ${y}`;
      return `${begin}H${formatCoordinate(to)}`;
    })
    .join('');
}
