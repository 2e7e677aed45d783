/** The rounds of probes of a raw output: in each of them, mtr probes every ttl once. */
export interface RawRounds {
  /** A probe was sent. */
  probe(position: number, sequence: string): void;
  /** A host was named, to which the next reply at this ttl belongs. */
  announce(position: number): void;
  reply(position: number, sequence: string): void;
  /** Whether the rounds may be those of several targets. */
  mayHaveSeveralTargets(): boolean;
}

/** Rounds of one ttl, counted from 1; 0 for none. */
interface HopRounds {
  /** The last reply whose host was named right before it. */
  announcedIn: number;
  /** Up to this round, every possible start was compared with the replies. */
  checkedTo: number;
  firstReply: number;
  lastReply: number;
  /** Of the newest probe. */
  sequence: string;
  probedIn: number;
  isAnnounced: boolean;
}

/** Most rounds in which a further target may start: a round a second for more than a week. */
const maxRounds = 1_000_000;

/**
 * Counts rounds. For each target, mtr sends the same number of rounds, and names every host anew
 * before its first reply. So a further target may start only with a round from which on the first
 * reply of each ttl comes with the name of its host, and in which no earlier probe is answered.
 */
export function createRawRounds(): RawRounds {
  const hops = new Map<number, HopRounds>();
  /** Rounds with which a further target may start. */
  const starts = new Set<number>();
  /** Probes of each round. */
  const lengths: number[] = [0, 0];
  let round = 1;
  let lastPosition = -1;
  /** mtr up to 0.85 does not write its probes, so its replies show the rounds. */
  let hasProbes = false;

  function hopAt(position: number): HopRounds {
    const hop = hops.get(position) ?? {
      announcedIn: 0,
      checkedTo: 0,
      firstReply: 0,
      lastReply: 0,
      sequence: '',
      probedIn: 0,
      isAnnounced: false,
    };
    hops.set(position, hop);
    return hop;
  }

  function passTo(position: number): void {
    if (position <= lastPosition && round < maxRounds) {
      round += 1;
      starts.add(round);
      lengths[round] = 0;
    }
    lastPosition = position;
    lengths[round] = (lengths[round] ?? 0) + 1;
  }

  /** Whether a target of `length` rounds, and of further ones as many each, explains the output. */
  function mayRepeatAfter(length: number, lastReply: number): boolean {
    let start = length + 1;
    for (; start <= round; start += length) {
      // The rounds of a silent target have another length than those after the route is known.
      const isSilent = start > lastReply;
      if (!starts.has(start) || (isSilent && lengths[start] === lengths[start - 1])) return false;
    }
    return round % length === 0 || start - length <= lastReply;
  }

  return {
    probe(position, sequence) {
      hasProbes = true;
      passTo(position);
      const hop = hopAt(position);
      hop.sequence = sequence;
      hop.probedIn = round;
    },
    announce(position) {
      hopAt(position).isAnnounced = true;
    },
    reply(position, sequence) {
      if (!hasProbes) passTo(position);
      const hop = hopAt(position);
      const isOther = sequence !== '' && sequence !== hop.sequence;
      if (hasProbes && (isOther || hop.probedIn < round)) starts.delete(round);
      if (hop.isAnnounced) hop.announcedIn = round;
      hop.isAnnounced = false;
      const from = Math.max(hop.announcedIn, hop.checkedTo) + 1;
      for (let start = from; start <= round; start += 1) starts.delete(start);
      hop.checkedTo = round;
      hop.firstReply ||= round;
      hop.lastReply = round;
    },
    mayHaveSeveralTargets() {
      const replies = [...hops.values()].filter(({ lastReply }) => lastReply > 0);
      const lastReply = Math.max(0, ...replies.map((hop) => hop.lastReply));
      if (lastReply === 0) return false;
      return [...starts].some((start) =>
        hasProbes
          ? mayRepeatAfter(start - 1, lastReply)
          : replies.some((hop) => hop.firstReply < start && start <= hop.lastReply),
      );
    },
  };
}
