import type { State } from '../../model/analysis.ts';
import { type StateText, stateText } from '../stateText.ts';
import type { GridCell, Host, HostGroup } from './matrixTypes.ts';
import { worseState } from './worseState.ts';

/** The runs of hosts with the same group, in order; one group without a name where fewer than two have names. */
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

/** Hosts that no template knows stand under a heading of their own. */
export function headingOf(group: string): string {
  return group === '' ? 'Others' : group;
}

/** Hosts of the same group side by side, groups in the order in which their first host comes. */
export function gatherByGroup<Each extends { readonly group: string }>(
  hosts: readonly Each[],
): Each[] {
  return [...Map.groupBy(hosts, ({ group }) => group).values()].flat();
}

/** Worst state of the cells of one column within some rows; null where they hold no test. */
export function worstStateText(cells: readonly (GridCell | undefined)[]): StateText | null {
  let worst: State | null = null;
  for (const cell of cells) {
    for (const slot of cell?.slots ?? []) {
      if (slot !== null) worst = worst === null ? slot.state : worseState(worst, slot.state);
    }
  }
  return worst === null ? null : stateText(worst);
}
