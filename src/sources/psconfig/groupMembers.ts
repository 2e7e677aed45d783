import type {
  AddressEntry,
  AddressSelector,
  GroupEntry,
  TemplateSections,
} from './templateSections.ts';

/** One end of a pair: its entry in `addresses`, and the address that the other end uses for it. */
export interface GroupEnd {
  readonly name: string;
  readonly entry: AddressEntry;
  readonly address: string;
}

/** The members of one test of a group: two ends, or one of a `list`. */
export type GroupMembers = readonly [GroupEnd] | readonly [GroupEnd, GroupEnd];

interface MemberCandidate {
  readonly name: string;
  readonly entry: AddressEntry;
  readonly label: string | null;
  /** This member requires the label; without it, there is no test. */
  readonly isLabelRequired: boolean;
}

/**
 * Every enabled combination of members of a group, in the order of its template. Members by class
 * are omitted, because the template does not list them.
 */
export function* expandGroup(
  group: GroupEntry,
  sections: TemplateSections,
): Generator<GroupMembers> {
  const candidates = (selectors: readonly AddressSelector[]) =>
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
  const isOneWay = group.type === 'mesh' || group.unidirectional;
  yield* memberPairs(first, second, group);
  if (!isOneWay) yield* memberPairs(second, first, group);
}

function* memberPairs(
  sources: readonly MemberCandidate[],
  destinations: readonly MemberCandidate[],
  group: GroupEntry,
): Generator<GroupMembers> {
  for (const source of sources) {
    for (const destination of destinations) {
      if (isSelf(source, destination, group) || isExcluded(source, destination, group)) continue;
      const from = endOf(source, destination);
      const to = endOf(destination, source);
      if (from !== null && to !== null) yield [from, to];
    }
  }
}

function candidateOf(
  selector: AddressSelector,
  group: GroupEntry,
  sections: TemplateSections,
): MemberCandidate[] {
  const { name, label } = selector;
  const entry = name === undefined ? undefined : sections.addresses.get(name);
  if (name === undefined || entry === undefined || entry.disabled || selector.disabled) return [];
  if (entry.host !== undefined && sections.hosts.get(entry.host)?.disabled) return [];
  const wanted = label ?? group['default-address-label'] ?? null;
  return [{ name, entry, label: wanted, isLabelRequired: label !== undefined }];
}

/** The address that `other` uses for `one`; null if the required label is missing or disabled. */
function endOf(one: MemberCandidate, other: MemberCandidate | null): GroupEnd | null {
  const { name, entry, label, isLabelRequired } = one;
  const visible = (other && entry['remote-addresses'][other.name]) ?? entry;
  const chosen = label === null ? undefined : visible.labels[label];
  if (chosen === undefined && isLabelRequired) return null;
  const { address, disabled } = chosen ?? visible;
  return disabled ? null : { name, entry, address };
}

function isSelf(one: MemberCandidate, other: MemberCandidate, group: GroupEntry): boolean {
  if (group['excludes-self'] === 'disabled') return false;
  if (one.name === other.name) return true;
  if (group['excludes-self'] === 'address') return false;
  return one.entry.host !== undefined && one.entry.host === other.entry.host;
}

function isExcluded(one: MemberCandidate, other: MemberCandidate, group: GroupEntry): boolean {
  return group.excludes.some(
    (exclusion) =>
      exclusion['local-address'].name === one.name &&
      exclusion['target-addresses'].some(({ name }) => name === other.name),
  );
}
