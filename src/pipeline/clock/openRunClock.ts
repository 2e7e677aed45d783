import type { Problem } from '../../model/run/problem.ts';
import { connectionsOf } from '../archiveSource.ts';
import type { RunContext } from '../runContext.ts';
import { peerWarnings } from './clockDoubtError.ts';
import { type ClockGate, createClockGate } from './clockGate.ts';
import { confirms } from './judgeClock.ts';
import { peerClock, trustClock } from './trustClock.ts';

/** The clock of a run. Nothing is stored before its gate opens. */
export interface RunClock extends ClockGate {
  /** The archives whose clocks differ from that of this host. */
  warnings(): Problem[];
  /** The trusted reading before this run, epoch seconds; null for none. */
  trustedBefore(): number | null;
}

/** Opens the clock of a run; the record of the run begins when the clock turns out to be right. */
export function openRunClock({
  archives,
  store,
  session,
  record,
}: Pick<RunContext, 'archives' | 'store' | 'session' | 'record'>): RunClock {
  const peers = () => archives.flatMap((source) => peerClock(connectionsOf(source)) ?? []);
  let before: number | null = null;
  const gate = createClockGate(
    archives.map((source) => connectionsOf(source)[0].id),
    () => 2 * peers().filter(confirms).length >= archives.length,
    () => {
      before = trustClock(store, session.now, peers());
      record.begin();
    },
  );
  return { ...gate, warnings: () => peerWarnings(peers()), trustedBefore: () => before };
}
