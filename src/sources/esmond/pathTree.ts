import type { Route } from '../../model/trace.ts';
import { type HopSlot, type HopSlots, hopAt } from './hopSlots.ts';

/** What of a trace makes its route, beside the slots from ttl `first` to `last`. */
interface PathEnds {
  readonly first: number;
  readonly last: number;
  readonly reached: boolean;
  readonly pathMtu: number | null;
}

/** Every path that was met, so that traces over the same one find the same route. */
export interface PathTree {
  /** The place where the path of a trace ends: the same for the same path, and without a route the first time. */
  endOf(slots: HopSlots, ends: PathEnds): { route: Route | null };
}

/** A tree without any path. */
export function createPathTree(): PathTree {
  const start = createStep(0);
  const errors = new Map<string, number>();
  return {
    endOf: (slots, { first, last, reached, pathMtu }) => {
      let step = follow(start, first);
      step = follow(step, reached ? 1 : 0);
      step = follow(step, pathMtu ?? 0);
      for (let ttl = first; ttl <= last; ttl += 1) {
        step = followHop(step, hopAt(slots, ttl), errors);
      }
      return step;
    },
  };
}

/** A place in the tree: how it is reached from the one before, the route that ends here, if any, and what follows. */
interface Step {
  readonly symbol: number;
  route: Route | null;
  /** What followed the last time: most traces take the path of the one before. */
  likely: Step | null;
  /** By symbol, all that were likely once. */
  others: Map<number, Step> | null;
}

function createStep(symbol: number): Step {
  return { symbol, route: null, likely: null, others: null };
}

function follow(step: Step, symbol: number): Step {
  const { likely } = step;
  if (likely?.symbol === symbol) return likely;
  const next = step.others?.get(symbol) ?? createStep(symbol);
  if (likely !== null) {
    step.others ??= new Map();
    step.others.set(likely.symbol, likely);
  }
  step.likely = next;
  return next;
}

/** One symbol for a plain hop; for any other a 1, its answers, MTU and error, each told by what is left of dividing by 4, and a 3. */
function followHop(step: Step, hop: Readonly<HopSlot>, errors: Map<string, number>): Step {
  const { answers, met, mtu, error } = hop;
  if (isPlain(hop)) return follow(step, 4 * plainIndex(hop));
  let at = follow(step, 1);
  for (let index = 0; index < answers; index += 1) at = follow(at, 4 * (met[index]?.index ?? 0));
  if (mtu !== null) at = follow(at, 4 * mtu + 1);
  if (error !== null) {
    const number = errors.get(error) ?? errors.size;
    errors.set(error, number);
    at = follow(at, 4 * number + 2);
  }
  return follow(at, 3);
}

/** Nearly every hop is one address or silence. */
export function isPlain({ answers, mtu, error }: Readonly<HopSlot>): boolean {
  return answers < 2 && mtu === null && error === null;
}

/** 0 for a silent hop, the number of the address from 1 for one that answered. */
export function plainIndex({ answers, met }: Readonly<HopSlot>): number {
  return answers === 0 ? 0 : 1 + (met[0]?.index ?? -1);
}
