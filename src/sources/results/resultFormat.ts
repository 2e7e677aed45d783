import type { JsonObject } from '../../lib/jsonObject.ts';
import { cleanText } from '../../lib/text.ts';
import { type ProbeProtocol, probeProtocols } from '../../model/test/test.ts';
import { createHopTally, type HopTally } from '../mtr/hopTally.ts';
import type { HopRow, RunDocument } from '../mtr/runDocument.ts';
import { maxTtl, numberOf } from '../probeValues.ts';

/** A format of results, one JSON object for each run. */
export interface ResultFormat {
  readonly name: string;
  /** Whether the object is a result of this format. */
  recognizes(value: JsonObject): boolean;
  /** The run in a result, or its fault. */
  read(value: JsonObject): RunDocument | string;
}

/** Most probes of one run. */
const maxProbes = 4096;

/** Adds the probes of a run to their ttls. */
export interface ProbeTable {
  /** The probes of a ttl; null if the ttl is impossible or the run has too many probes. */
  at(ttl: unknown): HopTally | null;
  /** Ascending in ttl. */
  rows(): HopRow[];
}

/** An empty table. */
export function createProbeTable(): ProbeTable {
  const tallies = new Map<number, HopTally>();
  let probes = 0;
  return {
    at(ttl) {
      const number = numberOf(ttl);
      probes += 1;
      if (probes > maxProbes || !(Number.isInteger(number) && number >= 1 && number <= maxTtl)) {
        return null;
      }
      const tally = tallies.get(number) ?? createHopTally(number);
      tallies.set(number, tally);
      return tally;
    },
    rows: () => [...tallies.values()].sort((a, b) => a.ttl - b.ttl).map((tally) => tally.row()),
  };
}

/** A text that is not empty; null for anything else. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? cleanText(value) : null;
}

/** An AS number; null for anything else. */
export function asnOf(value: unknown): number | null {
  const asn = numberOf(value);
  return Number.isInteger(asn) && asn >= 1 && asn <= 0xffff_ffff ? asn : null;
}

/** The elements of an array; empty for anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Epoch seconds; null for an impossible time. */
export function secondsOf(value: unknown): number | null {
  const seconds = Math.floor(numberOf(value));
  return Number.isSafeInteger(seconds) && seconds >= 0 ? seconds : null;
}

/** Epoch seconds of an ISO 8601 time; null for anything else. */
export function isoSeconds(value: unknown): number | null {
  return typeof value === 'string' ? secondsOf(Date.parse(value) / 1000) : null;
}

/** The protocol of the probes that a text begins with; null for another one. */
export function protocolOf(value: unknown): ProbeProtocol | null {
  const text = textOf(value)?.toLowerCase() ?? '';
  return probeProtocols.find((protocol) => text.startsWith(protocol)) ?? null;
}

/** The smallest MTU of some hops, bytes; null for none. */
export function pathMtuOf(hops: readonly HopRow[]): number | null {
  const mtus = hops.flatMap(({ mtu }) => mtu ?? []);
  return mtus.length === 0 ? null : Math.min(...mtus);
}
