import { createReplyTimes, type ReplyTimes } from './replyTimes.ts';
import { type HopAnswer, type HopRow, maxHosts } from './runDocument.ts';

/** The host that replied to a probe. */
export interface ProbeResponder {
  readonly address: string | null;
  readonly name: string | null;
  readonly asn: number | null;
}

/** Counts the probes of one ttl, for tools that print each of them. */
export interface HopTally {
  readonly ttl: number;
  mtu: number | null;
  error: string | null;
  recordLoss(): void;
  /** Counts a reply; the time is null if the tool does not report it. */
  recordReply(responder: ProbeResponder, rttMs: number | null): void;
  /** Counts a reply to a probe that `recordLoss` counted, if any. */
  recordLateReply(responder: ProbeResponder, rttMs: number | null): void;
  row(): HopRow;
}

/** A tally without probes. */
export function createHopTally(ttl: number): HopTally {
  const hosts: { responder: ProbeResponder; times: ReplyTimes }[] = [];
  let sent = 0;
  let lost = 0;
  const tally: HopTally = {
    ttl,
    mtu: null,
    error: null,
    recordLoss() {
      sent += 1;
      lost += 1;
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
    recordLateReply(responder, rttMs) {
      tally.recordReply(responder, rttMs);
      if (lost === 0) return;
      lost -= 1;
      sent -= 1;
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
