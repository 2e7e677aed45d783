/** A destination that answers seldom may miss this often in a row by chance: one run in a hundred. */
const maxChance = 0.01;

/**
 * Which traces lie in an outage: a run of at least two traces in a row that missed the destination, too long to be chance
 * at the share of misses among all the other traces. Single misses and a destination that limits its ICMP rate make
 * no outage; one that never or only once answered cannot have any.
 */
export function markOutages(reached: readonly boolean[]): boolean[] {
  const flags: boolean[] = new Array(reached.length).fill(false);
  const hits = reached.filter(Boolean).length;
  if (hits < 2) return flags;
  for (let from = 0; from < reached.length; from++) {
    if (reached[from]) continue;
    const next = reached.indexOf(true, from);
    const to = next < 0 ? reached.length : next;
    const others = reached.length - (to - from);
    const usualMisses = (others - hits) / others;
    if (to - from >= 2 && usualMisses ** (to - from) <= maxChance) flags.fill(true, from, to);
    from = to;
  }
  return flags;
}
