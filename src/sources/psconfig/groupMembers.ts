import type { AddressClasses } from './addressClasses.ts';
import type { TemplateFindings } from './templateFindings.ts';
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
  /** An agent of psConfig runs there and schedules tests. */
  readonly hasAgent: boolean;
}

/** The members of one test of a group: two ends, or one of a `list`. */
export type GroupMembers = readonly [GroupEnd] | readonly [GroupEnd, GroupEnd];

/** A template, and what reading its groups needs. */
export interface GroupContext {
  readonly sections: TemplateSections;
  readonly classes: AddressClasses;
  readonly findings: TemplateFindings;
}

interface MemberCandidate {
  readonly name: string;
  readonly entry: AddressEntry;
  /** The label of its selector, else that of the group. */
  readonly label: string | null;
}

/** Every enabled combination of members of a group, in the order of its template. */
export function* expandGroup(
  groupName: string,
  group: GroupEntry,
  context: GroupContext,
): Generator<GroupMembers> {
  if (group.disabled) return;
  const candidates = (selectors: readonly AddressSelector[]) =>
    selectors.flatMap((selector) => candidatesOf(selector, groupName, group, context));
  const ends = (one: MemberCandidate, other: MemberCandidate) =>
    endOf(one, other, context.sections);
  if (group.type === 'list') {
    for (const one of candidates(group.addresses)) {
      const end = ends(one, one);
      if (end !== null) yield [end];
    }
    return;
  }
  for (const [one, other] of pairsOf(group, candidates)) {
    if (isSelf(one, other, group) || isExcluded(one, other, group, context.classes)) continue;
    const [from, to] = [ends(one, other), ends(other, one)];
    if (from !== null && to !== null) yield [from, to];
  }
}

function* pairsOf(
  group: Exclude<GroupEntry, { type: 'list' }>,
  candidates: (selectors: readonly AddressSelector[]) => MemberCandidate[],
): Generator<readonly [MemberCandidate, MemberCandidate]> {
  const first = candidates(group.type === 'mesh' ? group.addresses : group['a-addresses']);
  const second = group.type === 'mesh' ? first : candidates(group['b-addresses']);
  for (const one of first) for (const other of second) yield [one, other];
  if (group.type === 'mesh' || group.unidirectional) return;
  for (const one of second) for (const other of first) yield [one, other];
}

/** The members that a selector names: one address, or those of a class. */
function candidatesOf(
  selector: AddressSelector,
  groupName: string,
  group: GroupEntry,
  { sections, classes, findings }: GroupContext,
): MemberCandidate[] {
  if (selector.disabled) return [];
  const label = labelOf(selector, group);
  const { name, class: className = '' } = selector;
  const names = name === undefined ? classes.members(className) : [name];
  if (names === null)
    findings.addInvalid('a group names an undefined address class', groupName, className);
  const candidates: MemberCandidate[] = [];
  for (const each of names ?? []) {
    const entry = sections.addresses.get(each);
    if (entry === undefined)
      findings.addInvalid('a group names an undefined address', groupName, each);
    else candidates.push({ name: each, entry, label });
  }
  return candidates;
}

function labelOf({ label }: AddressSelector, group: GroupEntry): string | null {
  return label ?? group['default-address-label'] ?? null;
}

/**
 * `one` as `other` sees it; null if it has no address there, or a disabled one. What disables an
 * address, or leaves it without agent, holds for its labels and remote addresses too.
 */
function endOf(
  { name, entry, label }: MemberCandidate,
  other: MemberCandidate,
  { hosts }: TemplateSections,
): GroupEnd | null {
  const remote = entry['remote-addresses'][other.name];
  const visible = remote ?? entry;
  const chosen = label === null ? visible : visible.labels[label];
  if (chosen?.address === undefined) return null;
  const host = entry.host === undefined ? undefined : hosts.get(entry.host);
  const parts = [host, entry, visible, chosen];
  if (parts.some((part) => part?.disabled)) return null;
  const hasAgent = !parts.some((part) => part?.['no-agent']);
  return { name, entry, address: chosen.address, hasAgent };
}

function isSelf(one: MemberCandidate, other: MemberCandidate, group: GroupEntry): boolean {
  if (group['excludes-self'] === 'disabled') return false;
  if (one.entry.address === other.entry.address) return true;
  if (group['excludes-self'] === 'address' || one.entry.host === undefined) return false;
  return one.entry.host.toLowerCase() === other.entry.host?.toLowerCase();
}

/** The order counts: `local-address` is the first end of a pair. */
function isExcluded(
  one: MemberCandidate,
  other: MemberCandidate,
  group: GroupEntry,
  classes: AddressClasses,
): boolean {
  const selects = (selector: AddressSelector, { name, label }: MemberCandidate) => {
    if (selector.disabled || labelOf(selector, group) !== label) return false;
    if (selector.name !== undefined) return selector.name === name;
    return classes.members(selector.class ?? '')?.has(name) ?? false;
  };
  return group.excludes.some(
    (exclusion) =>
      selects(exclusion['local-address'], one) &&
      exclusion['target-addresses'].some((target) => selects(target, other)),
  );
}
