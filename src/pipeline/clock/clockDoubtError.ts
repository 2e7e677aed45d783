import { ExpectedError } from '../../lib/errors.ts';
import type { Problem } from '../../model/run/problem.ts';
import { formatDuration, pluralize, utcTime } from '../../model/values/format.ts';
import { agrees, type ClockDoubt, type ClockEvidence, type PeerClock } from './judgeClock.ts';

/** The clock of this host cannot be trusted, so nothing may be stored, deleted or sent. */
export class ClockDoubtError extends ExpectedError {
  /** The previous command had no such doubt. */
  readonly isNew: boolean;

  constructor(doubt: ClockDoubt, evidence: ClockEvidence) {
    super({
      kind: 'misconfigured',
      subject: 'clock',
      message: doubtText(doubt, evidence),
      remedy:
        'Correct it, for example with NTP. Until then pstrace stores, deletes and sends nothing; the pages keep their content and are marked as out of date.',
    });
    this.isNew = evidence.record.doubt === null;
  }
}

function doubtText({ reason }: ClockDoubt, { reading, record, peers }: ClockEvidence): string {
  const time = utcTime(reading.at);
  if (reason === 'peers') return peersText(peers.filter((peer) => !agrees(peer)));
  if (reason === 'impossible') return `The clock of this host shows ${time}.`;
  if (record.trusted === null)
    return `The clock of this host shows ${time}, before the newest results.`;
  const { at } = record.trusted;
  const relation = reason === 'behind' ? 'before' : 'long after';
  return `The clock of this host shows ${time}, ${relation} the last command (${utcTime(at)}).`;
}

/** `The clock of this host is 5 h behind that of ma.example.net and 2 more archives.` */
function peersText([first, ...others]: readonly PeerClock[]): string {
  if (first === undefined) return 'The clock of this host differs from those of the archives.';
  const { id, offsetSeconds } = first;
  const relation = offsetSeconds > 0 ? 'behind' : 'ahead of';
  const othersText = others.length === 0 ? '' : ` and ${pluralize(others.length, 'more archive')}`;
  return `The clock of this host is ${formatDuration(Math.abs(offsetSeconds))} ${relation} that of ${id}${othersText}.`;
}

/** The archives whose clocks differ from that of this host, which is right. */
export function peerWarnings(peers: readonly PeerClock[]): Problem[] {
  return peers
    .filter((peer) => !agrees(peer))
    .map(({ id, offsetSeconds }) => ({
      kind: 'misconfigured',
      subject: id,
      message: `Its clock is ${formatDuration(Math.abs(offsetSeconds))} ${offsetSeconds > 0 ? 'ahead of' : 'behind'} this host and the other archives.`,
      remedy: 'Ask its administrator to correct it. Its results may have wrong times.',
    }));
}
