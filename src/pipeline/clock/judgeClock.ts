import { daySeconds } from '../../model/values/time.ts';

/** A reading of the clock of this host, in epoch seconds. */
export interface ClockReading {
  readonly at: number;
  /** When the system started, by the same clock; null if that says nothing about the clock. */
  readonly bootedAt: number | null;
}

/** Why the clock is not trusted. */
export type DoubtReason = 'impossible' | 'behind' | 'ahead' | 'peers';

/** A doubt that began with the reading `since` and was last confirmed with the reading `at`. */
export interface ClockDoubt {
  readonly reason: DoubtReason;
  readonly since: number;
  readonly at: number;
}

/** The last trusted reading. */
export interface TrustedReading extends ClockReading {
  /** The trusted reading before the latest gap of more than a day; null without such a gap. */
  readonly gapFrom: number | null;
}

/** The record of the clock between two commands. */
export interface ClockRecord {
  readonly trusted: TrustedReading | null;
  readonly doubt: ClockDoubt | null;
  /** Records of another store came in since, which may have times after the present. */
  readonly hasImports: boolean;
}

/** The clock of a server, by the `Date` of its responses. */
export interface PeerClock {
  readonly id: string;
  /** Seconds ahead of this host, negative if behind. */
  readonly offsetSeconds: number;
  /** It has the clock of this host, so that its agreement proves nothing. */
  readonly isThisHost: boolean;
}

/** Everything that a judgement takes into account. */
export interface ClockEvidence {
  readonly reading: ClockReading;
  readonly record: ClockRecord;
  readonly peers: readonly PeerClock[];
  /** Start of the newest stored trace that an archive delivered, epoch seconds; null for none. */
  readonly newestResultAt: () => number | null;
}

/** Larger than a response may take (a minute) plus the usual offset of clocks (seconds). */
export const maxSkewSeconds = 600;
/** 2015-01-01. No host that runs pstrace can be older; batteries that fail reset to such times. */
export const earliestTime = 1_420_070_400;
/** Without a trusted reading, results that are ahead by less show no wrong clock. */
export const maxUnknownAheadSeconds = 7 * daySeconds;
/** A host that was off for longer needs a witness for its clock. */
const maxGapSeconds = 90 * daySeconds;
/** Without a witness, a clock that is ahead is trusted after it has been steady for so long. */
const steadySeconds = 3 * daySeconds;
/** Commands are never further apart than this, unless the host was off. */
const minGapSeconds = daySeconds;

/** The doubt about a clock; null if it can be trusted. */
export function judgeClock(evidence: ClockEvidence): ClockDoubt | null {
  const { peers, record } = evidence;
  // A command without peers does not clear what those of another one have said of this clock.
  if (peers.length === 0 && record.doubt?.reason === 'peers' && isContinued(evidence))
    return record.doubt;
  const reason = findReason(evidence);
  return reason && continueDoubt(reason, evidence);
}

function findReason(evidence: ClockEvidence): DoubtReason | null {
  const { reading, record, peers } = evidence;
  if (reading.at < earliestTime) return 'impossible';
  const isSteady = isUninterrupted(reading, record.trusted);
  const voters = peers.filter(hasVote);
  if (areOutvoting(voters) && !(isSteady && voters.length === 1)) return 'peers';
  const reason = compareWithRecord(evidence);
  const isConfirmed = peers.some(confirms);
  if (reason === null || isSteady || isConfirmed) return null;
  return reason === 'ahead' && hasBeenSteady(evidence) ? null : reason;
}

/** Compares the clock with the last trusted reading and with the results of archives. */
function compareWithRecord({
  reading: { at },
  record: { trusted },
  newestResultAt,
}: ClockEvidence): 'ahead' | 'behind' | null {
  if (trusted !== null && at > trusted.at + maxGapSeconds) return 'ahead';
  if (trusted !== null && at >= trusted.at - maxSkewSeconds) return null;
  const newest = newestResultAt();
  const maxAhead = trusted === null ? maxUnknownAheadSeconds : maxSkewSeconds;
  if (newest !== null) return newest > at + maxAhead ? 'behind' : null;
  // Without a witness, the clock may have been right before the gap and be right again.
  const isBack = trusted === null || (trusted.gapFrom !== null && at >= trusted.gapFrom);
  return isBack ? null : 'behind';
}

/** Whether the clock was not set since the last trusted reading: the boot time is the same. */
function isUninterrupted({ bootedAt }: ClockReading, trusted: TrustedReading | null): boolean {
  if (bootedAt === null || trusted === null || trusted.bootedAt === null) return false;
  return Math.abs(bootedAt - trusted.bootedAt) <= maxSkewSeconds;
}

/** Whether a server can say something about the clock of this host: it has another one. */
function hasVote(peer: PeerClock): boolean {
  return !peer.isThisHost || !agrees(peer);
}

/** Whether more servers agree with each other than with this host. */
export function areOutvoting(peers: readonly PeerClock[]): boolean {
  const supporters = (offset: number) =>
    peers.filter((peer) => Math.abs(peer.offsetSeconds - offset) <= maxSkewSeconds).length;
  const agreeing = supporters(0);
  return peers.some((peer) => !agrees(peer) && supporters(peer.offsetSeconds) > agreeing);
}

/** Whether the clocks of a server and of this host show the same time. */
export function agrees({ offsetSeconds }: Pick<PeerClock, 'offsetSeconds'>): boolean {
  return Math.abs(offsetSeconds) <= maxSkewSeconds;
}

/** Whether a server shows that the clock of this host is right. */
export function confirms(peer: PeerClock): boolean {
  return agrees(peer) && !peer.isThisHost;
}

function hasBeenSteady(evidence: ClockEvidence): boolean {
  const { since, at } = continueDoubt('ahead', evidence);
  return at - since >= steadySeconds;
}

/** A doubt goes on as long as the clock that caused it does. */
function continueDoubt(reason: DoubtReason, evidence: ClockEvidence): ClockDoubt {
  const { at } = evidence.reading;
  const { doubt } = evidence.record;
  const continues = doubt?.reason === reason && isContinued(evidence);
  return { reason, since: continues ? doubt.since : at, at };
}

/** Whether a reading can follow the one that was in doubt. */
function isContinued({ reading: { at }, record: { doubt } }: ClockEvidence): boolean {
  return doubt !== null && at >= doubt.at - maxSkewSeconds && at <= doubt.at + minGapSeconds;
}

/** The record after a trusted reading. */
export function recordTrusted({ at, bootedAt }: ClockReading, before: ClockRecord): ClockRecord {
  return {
    trusted: { at, bootedAt, gapFrom: findGap(at, before.trusted) },
    doubt: null,
    hasImports: false,
  };
}

function findGap(at: number, before: TrustedReading | null): number | null {
  if (before === null || at < before.at) return null;
  return at - before.at > minGapSeconds ? before.at : before.gapFrom;
}
