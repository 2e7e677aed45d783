/** A destination that answers rarely may miss a run of traces by chance: one run in a hundred. */
const maxChance = 0.01;
/**
 * Misses in a row that an outage needs, and answers that show that the destination answers at all.
 */
const minMisses = 2;
const minHits = 2;

/**
 * Marks the traces of outages: runs of at least two traces in a row that missed the destination,
 * too long for chance given the share of misses among all other traces. Single misses are no
 * outage, nor is a destination that limits its ICMP rate; one that never or only once answered
 * cannot have any.
 */
export function markOutages(reached: readonly boolean[]): boolean[] {
  const flags: boolean[] = new Array(reached.length).fill(false);
  const hits = reached.filter(Boolean).length;
  if (hits < minHits) return flags;
  for (let from = 0; from < reached.length; from++) {
    if (reached[from]) continue;
    const next = reached.indexOf(true, from);
    const to = next < 0 ? reached.length : next;
    const others = reached.length - (to - from);
    const usualMisses = (others - hits) / others;
    if (to - from >= minMisses && usualMisses ** (to - from) <= maxChance)
      flags.fill(true, from, to);
    from = to;
  }
  return flags;
}
