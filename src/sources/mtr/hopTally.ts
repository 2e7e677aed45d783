import { createReplyTimes, type ReplyTimes } from './replyTimes.ts';
import { type HopAnswer, type HopRow, maxHosts } from './runDocument.ts';

/** Who answered a probe. */
export interface ProbeResponder {
  readonly address: string | null;
  readonly name: string | null;
  readonly asn: number | null;
}

/** The probes of one ttl as a tool that prints each of them lists them. */
export interface HopTally {
  readonly ttl: number;
  mtu: number | null;
  error: string | null;
  recordLoss(): void;
  /** A reply; the time is null where none is told. */
  recordReply(responder: ProbeResponder, rttMs: number | null): void;
  row(): HopRow;
}

/** No probes yet. */
export function createHopTally(ttl: number): HopTally {
  const hosts: { responder: ProbeResponder; times: ReplyTimes }[] = [];
  let sent = 0;
  const tally: HopTally = {
    ttl,
    mtu: null,
    error: null,
    recordLoss() {
      sent += 1;
    },
    recordReply(responder, rttMs) {
      sent += 1;
      let host = hosts.find((one) => isSameHost(one.responder, responder));
      if (host === undefined) {
        host = { responder, times: createReplyTimes() };
        if (hosts.length < maxHosts) hosts.push(host);
      }
      host.times.add(rttMs);
    },
    row() {
      const answers = hosts.map(
        ({ responder, times }): HopAnswer => ({ ...responder, ...times.summary() }),
      );
      return { ttl, sent, answers, mtu: tally.mtu, error: tally.error };
    },
  };
  return tally;
}

function isSameHost(one: ProbeResponder, other: ProbeResponder): boolean {
  return one.address === null ? one.name === other.name : one.address === other.address;
}
