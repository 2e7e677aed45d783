import { type Answer, type HopRow, mostHosts } from './document.ts';
import { createTimes, type Times } from './times.ts';

/** Who answered a probe. */
export interface Responding {
  readonly address: string | null;
  readonly name: string | null;
  readonly asn: number | null;
}

/** The probes of one ttl as a tool that prints each of them lists them. */
export interface HopTally {
  readonly ttl: number;
  mtu: number | null;
  error: string | null;
  lost(): void;
  /** A reply; the time is null where none is told. */
  answered(by: Responding, rttMs: number | null): void;
  row(): HopRow;
}

/** No probes yet. */
export function createHopTally(ttl: number): HopTally {
  const hosts: { by: Responding; times: Times }[] = [];
  let sent = 0;
  const tally: HopTally = {
    ttl,
    mtu: null,
    error: null,
    lost() {
      sent += 1;
    },
    answered(by, rttMs) {
      sent += 1;
      let host = hosts.find((one) => isSame(one.by, by));
      if (host === undefined) {
        host = { by, times: createTimes() };
        if (hosts.length < mostHosts) hosts.push(host);
      }
      host.times.add(rttMs);
    },
    row() {
      const answers = hosts.map(({ by, times }): Answer => ({ ...by, ...times.summary() }));
      return { ttl, sent, answers, mtu: tally.mtu, error: tally.error };
    },
  };
  return tally;
}

function isSame(one: Responding, other: Responding): boolean {
  return one.address === null ? one.name === other.name : one.address === other.address;
}
