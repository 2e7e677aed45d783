import type { Address, Group, Sections, Selector } from './sections.ts';

/** One end of a pair: the entry of `addresses` and the address it is known by to the other end. */
export interface GroupEnd {
  readonly name: string;
  readonly entry: Address;
  readonly address: string;
}

/** Members of one test of a group: two ends, or one for a `list`. */
export type Members = readonly [GroupEnd] | readonly [GroupEnd, GroupEnd];

interface Candidate {
  readonly name: string;
  readonly entry: Address;
  readonly label: string | null;
  /** The label was asked for by this member; without it there is no test. */
  readonly strict: boolean;
}

/**
 * Every combination of members of a group that its template promises, in its order; nothing that is disabled. Members
 * given by class are unknown to a template, and left out.
 */
export function* membersOf(group: Group, sections: Sections): Generator<Members> {
  const candidates = (selectors: readonly Selector[]) =>
    selectors.flatMap((selector) => candidateOf(selector, group, sections));
  if (group.type === 'list') {
    for (const one of candidates(group.addresses)) {
      const end = endOf(one, null);
      if (end !== null) yield [end];
    }
    return;
  }
  const first = candidates(group.type === 'mesh' ? group.addresses : group['a-addresses']);
  const second = group.type === 'mesh' ? first : candidates(group['b-addresses']);
  const oneWay = group.type === 'mesh' || group.unidirectional;
  yield* pairs(first, second, group);
  if (!oneWay) yield* pairs(second, first, group);
}

function* pairs(
  sources: readonly Candidate[],
  destinations: readonly Candidate[],
  group: Group,
): Generator<Members> {
  for (const source of sources) {
    for (const destination of destinations) {
      if (isSelf(source, destination, group) || isExcluded(source, destination, group)) continue;
      const from = endOf(source, destination);
      const to = endOf(destination, source);
      if (from !== null && to !== null) yield [from, to];
    }
  }
}

function candidateOf(selector: Selector, group: Group, sections: Sections): Candidate[] {
  const { name, label } = selector;
  const entry = name === undefined ? undefined : sections.addresses.get(name);
  if (name === undefined || entry === undefined || entry.disabled || selector.disabled) return [];
  if (entry.host !== undefined && sections.hosts.get(entry.host)?.disabled) return [];
  const wanted = label ?? group['default-address-label'] ?? null;
  return [{ name, entry, label: wanted, strict: label !== undefined }];
}

/** The address under which `one` is known to `other`; null where the label it should have is missing or disabled. */
function endOf(one: Candidate, other: Candidate | null): GroupEnd | null {
  const { name, entry, label, strict } = one;
  const seen = (other && entry['remote-addresses'][other.name]) ?? entry;
  const chosen = label === null ? undefined : seen.labels[label];
  if (chosen === undefined && strict) return null;
  const { address, disabled } = chosen ?? seen;
  return disabled ? null : { name, entry, address };
}

function isSelf(one: Candidate, other: Candidate, group: Group): boolean {
  if (group['excludes-self'] === 'disabled') return false;
  if (one.name === other.name) return true;
  if (group['excludes-self'] === 'address') return false;
  return one.entry.host !== undefined && one.entry.host === other.entry.host;
}

function isExcluded(one: Candidate, other: Candidate, group: Group): boolean {
  return group.excludes.some(
    (pair) =>
      pair['local-address'].name === one.name &&
      pair['target-addresses'].some(({ name }) => name === other.name),
  );
}
