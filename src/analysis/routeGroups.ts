import { combined, compatible, type RouteShape, shapeKey } from './routeShape.ts';

/** One shape that occurs in a test's traces. */
interface Form {
  readonly shape: RouteShape;
  /** Traces that show it. */
  traces: number;
}

/** Forms that agree with each other, and what they say together. */
interface Group {
  shape: RouteShape;
  /** Traces of the forms that fit no other group. */
  traces: number;
  readonly members: Set<Form>;
  /** Forms that do not fit; what is added to a group can only make it fit less. */
  readonly strangers: Set<Form>;
}

function fits(group: Group, form: Form): boolean {
  if (group.members.has(form)) return true;
  if (group.strangers.has(form)) return false;
  if (compatible(group.shape, form.shape)) return true;
  group.strangers.add(form);
  return false;
}

function add(group: Group, form: Form): Group {
  if (!group.members.has(form)) {
    group.members.add(form);
    group.shape = combined(group.shape, form.shape);
  }
  return group;
}

function newGroup(form: Form): Group {
  return { shape: form.shape, traces: 0, members: new Set([form]), strangers: new Set() };
}

/** The forms of a list of shapes: in order of appearance, and one for each entry of the list. */
function formsOf(shapes: readonly RouteShape[]): { forms: Form[]; sequence: Form[] } {
  const byShape = new Map<RouteShape, Form>();
  const byKey = new Map<string, Form>();
  const sequence = shapes.map((shape) => {
    let form = byShape.get(shape);
    if (form === undefined) {
      const key = shapeKey(shape);
      form = byKey.get(key) ?? { shape, traces: 0 };
      byKey.set(key, form);
      byShape.set(shape, form);
    }
    form.traces += 1;
    return form;
  });
  return { forms: [...byKey.values()], sequence };
}

/** How much a shape leaves open: its silent hops, or all it did not show when it does not end at the destination. */
function openness({ shape: { hops, endTo } }: Form): number {
  const answers = hops.reduce((sum, hop) => sum + (hop.length === 0 ? 0 : 1), 0);
  return Number.isFinite(endTo) ? hops.length - answers : Number.MAX_SAFE_INTEGER - answers;
}

/** The most telling first, among equals the most frequent. */
function byWeight(a: Form, b: Form): number {
  return openness(a) - openness(b) || b.traces - a.traces;
}

/** Groups of forms; a form that fits several of them is left out, its neighbours in time have to decide. */
function foundGroups(forms: readonly Form[]): Group[] {
  const groups: Group[] = [];
  for (const form of forms.toSorted(byWeight)) {
    const homes = groups.filter((group) => fits(group, form));
    const [home = newGroup(form)] = homes;
    if (homes.length === 0) groups.push(home);
    if (homes.length < 2) add(home, form).traces += form.traces;
  }
  return groups;
}

/**
 * Sorts traces (their shapes in time order, equal shapes best as one object) into groups of the same route and returns the
 * group number of each, counted by first appearance.
 *
 * Silence agrees with everything, so "compatible" is not transitive: `a * d` agrees with `a b d` and with `a c d`. So the
 * most telling shapes found the groups; a sparse shape that fits several does not join them into one, but goes, trace by
 * trace, with the route in use if it fits that, else with the most frequent. Every answer that joins a group
 * is filled into it, so all members of a group agree with each other.
 */
export function groupRoutes(shapes: readonly RouteShape[]): number[] {
  const { forms, sequence } = formsOf(shapes);
  const groups = foundGroups(forms);
  const numbers = new Map<Group, number>();
  let current: Group | undefined;
  let last: { readonly form: Form; readonly number: number } | undefined;
  return sequence.map((form) => {
    if (last?.form === form) return last.number;
    if (current === undefined || !fits(current, form)) {
      const homes = groups.filter((group) => fits(group, form));
      current = homes.reduce(
        (best, group) => (group.traces > best.traces ? group : best),
        homes[0] ?? newGroup(form),
      );
      if (homes.length === 0) groups.push(current);
    }
    add(current, form);
    const number = numbers.get(current) ?? numbers.size;
    numbers.set(current, number);
    last = { form, number };
    return number;
  });
}
