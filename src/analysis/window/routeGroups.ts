import { areCompatible, combineShapes, type RouteShape, shapeKey } from './routeShape.ts';

/** A shape that occurs in a test's traces. */
interface DistinctShape {
  readonly shape: RouteShape;
  /** Traces that show it. */
  traces: number;
}

/** Compatible shapes, and their combined answers. */
interface RouteGroup {
  shape: RouteShape;
  /** Traces of the shapes that fit no other group. */
  traces: number;
  readonly members: Set<DistinctShape>;
  /** Shapes that do not fit; a growing group can only fit less. */
  readonly incompatible: Set<DistinctShape>;
}

function isCompatibleWith(group: RouteGroup, distinctShape: DistinctShape): boolean {
  if (group.members.has(distinctShape)) return true;
  if (group.incompatible.has(distinctShape)) return false;
  if (areCompatible(group.shape, distinctShape.shape)) return true;
  group.incompatible.add(distinctShape);
  return false;
}

function addToGroup(group: RouteGroup, distinctShape: DistinctShape): RouteGroup {
  if (!group.members.has(distinctShape)) {
    group.members.add(distinctShape);
    group.shape = combineShapes(group.shape, distinctShape.shape);
  }
  return group;
}

function newGroup(distinctShape: DistinctShape): RouteGroup {
  return {
    shape: distinctShape.shape,
    traces: 0,
    members: new Set([distinctShape]),
    incompatible: new Set(),
  };
}

/** The distinct shapes of a list: in order of appearance, and one for each entry of the list. */
function findDistinctShapes(shapes: readonly RouteShape[]): {
  distinctShapes: DistinctShape[];
  sequence: DistinctShape[];
} {
  const byShape = new Map<RouteShape, DistinctShape>();
  const byKey = new Map<string, DistinctShape>();
  const sequence = shapes.map((shape) => {
    let distinctShape = byShape.get(shape);
    if (distinctShape === undefined) {
      const key = shapeKey(shape);
      distinctShape = byKey.get(key) ?? { shape, traces: 0 };
      byKey.set(key, distinctShape);
      byShape.set(shape, distinctShape);
    }
    distinctShape.traces += 1;
    return distinctShape;
  });
  return { distinctShapes: [...byKey.values()], sequence };
}

/**
 * How much a shape leaves open: its silent hops, or all that it does not show when it does not end
 * at the destination.
 */
function uncertainty({ shape: { hops, endTo } }: DistinctShape): number {
  const answers = hops.reduce((sum, hop) => sum + (hop.length === 0 ? 0 : 1), 0);
  return Number.isFinite(endTo) ? hops.length - answers : Number.MAX_SAFE_INTEGER - answers;
}

/** Sorts the most complete shapes first, among equals the most frequent. */
function compareCertainty(a: DistinctShape, b: DistinctShape): number {
  return uncertainty(a) - uncertainty(b) || b.traces - a.traces;
}

/**
 * Creates groups of compatible shapes. A shape that fits several is left out: its neighbors in time
 * decide.
 */
function createGroups(distinctShapes: readonly DistinctShape[]): RouteGroup[] {
  const groups: RouteGroup[] = [];
  for (const distinctShape of distinctShapes.toSorted(compareCertainty)) {
    const matches = groups.filter((group) => isCompatibleWith(group, distinctShape));
    const [match = newGroup(distinctShape)] = matches;
    if (matches.length === 0) groups.push(match);
    if (matches.length < 2) addToGroup(match, distinctShape).traces += distinctShape.traces;
  }
  return groups;
}

/**
 * Sorts traces (their shapes in time order, equal shapes best as one object) into groups of the
 * same route. Returns the group number of each, counted by first appearance.
 *
 * Silence is compatible with everything, so "compatible" is not transitive: `a * d` fits `a b d`
 * and `a c d`. Therefore the most complete shapes found the groups. A sparse shape that fits
 * several does not join them into one but belongs, trace by trace, to the route in use if it fits
 * that, else to the most frequent one. Every answer that joins a group is filled into it, so all
 * members of a group are compatible with each other.
 */
export function groupRoutes(shapes: readonly RouteShape[]): number[] {
  const { distinctShapes, sequence } = findDistinctShapes(shapes);
  const groups = createGroups(distinctShapes);
  const numbers = new Map<RouteGroup, number>();
  let current: RouteGroup | undefined;
  let last: { readonly distinctShape: DistinctShape; readonly number: number } | undefined;
  return sequence.map((distinctShape) => {
    if (last?.distinctShape === distinctShape) return last.number;
    if (current === undefined || !isCompatibleWith(current, distinctShape)) {
      const matches = groups.filter((group) => isCompatibleWith(group, distinctShape));
      current = matches.reduce(
        (best, group) => (group.traces > best.traces ? group : best),
        matches[0] ?? newGroup(distinctShape),
      );
      if (matches.length === 0) groups.push(current);
    }
    addToGroup(current, distinctShape);
    const number = numbers.get(current) ?? numbers.size;
    numbers.set(current, number);
    last = { distinctShape, number };
    return number;
  });
}
