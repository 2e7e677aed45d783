import type { State } from '../../model/site/analysis.ts';
import { worseState } from '../../model/site/analysis.ts';
import { type StateText, stateText } from '../stateText.ts';
import type { GridCell, Host, HostGroup } from './matrixTypes.ts';

/**
 * Neighboring hosts of the same group, in order; a single group without a name if there are fewer
 * than two.
 */
export function hostGroups(hosts: readonly Host[]): readonly HostGroup[] {
  const names = new Set(hosts.map(({ group }) => group));
  if (names.size < 2) return [{ name: '', first: 0, size: hosts.length }];
  const groups: { name: string; first: number; size: number }[] = [];
  hosts.forEach(({ group }, index) => {
    const last = groups.at(-1);
    if (last !== undefined && last.name === headingOf(group)) last.size += 1;
    else groups.push({ name: headingOf(group), first: index, size: 1 });
  });
  return groups;
}

/** Heading of a group; hosts without a group have one of their own. */
export function headingOf(group: string): string {
  return group === '' ? 'Others' : group;
}

/** Reorders hosts so that groups are contiguous; a group's first host determines its position. */
export function orderByGroup<Each extends { readonly group: string }>(
  hosts: readonly Each[],
): Each[] {
  return [...Map.groupBy(hosts, ({ group }) => group).values()].flat();
}

/** Worst state of some cells; null without a test. */
export function worstStateText(cells: readonly (GridCell | undefined)[]): StateText | null {
  let worst: State | null = null;
  for (const cell of cells) {
    for (const slot of cell?.slots ?? []) {
      if (slot !== null) worst = worst === null ? slot.state : worseState(worst, slot.state);
    }
  }
  return worst === null ? null : stateText(worst);
}
