import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';
import { describeTest } from '../esmond/testMetadata.ts';
import { numberOf } from '../probeValues.ts';
import { listOf, textOf } from '../results/resultFormat.ts';
import { createTestId } from '../testId.ts';
import type { TestDescription } from '../types.ts';
import type { Dialect, RunResult } from './dialect.ts';

/** The ingest of WLCG reads the archives of its sites in batches. */
const arrivalOverlapSeconds = 6 * 3600;

/** Documents as WLCG's ingest stores them in `ps_trace`, for the archives of a whole federation. */
export const wlcgDialect: Dialect = {
  startField: 'timestamp',
  arrivalField: 'created_at',
  arrivalOverlapSeconds,
  hasSequence: false,
  fields: [
    'timestamp',
    'src',
    'dest',
    'src_host',
    'dest_host',
    'src_netsite',
    'dest_netsite',
    'hops',
    'ttls',
    'rtts',
    'asns',
  ],
  startOf: ({ timestamp }) => {
    const seconds = Math.floor(
      typeof timestamp === 'string' ? basicTimeSeconds(timestamp) : numberOf(timestamp) / 1000,
    );
    return Number.isSafeInteger(seconds) && seconds >= 0 ? seconds : null;
  },
  groupOf: ({ src, dest }) => JSON.stringify([src, dest]),
  describe,
  resultOf,
};

/** Epoch seconds of `20260102T031000Z`, of milliseconds as text, or of another time. */
function basicTimeSeconds(text: string): number {
  if (/^\d{11,}$/.test(text)) return Number(text) / 1000;
  const iso = text.replace(
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?=Z|[+-])/,
    '$1-$2-$3T$4:$5:$6',
  );
  return Date.parse(iso) / 1000;
}

/** The documents have no key of the test, and do not name its tool. */
function describe(document: JsonObject, archive: string): TestDescription | string | null {
  const { src, dest, src_host, dest_host, src_netsite, dest_netsite } = document;
  const metadata = {
    'metadata-key': 'wlcg',
    source: src,
    destination: dest,
    'input-source': src_host ?? src,
    'input-destination': dest_host ?? dest,
    'tool-name': 'traceroute',
    'event-types': [{ 'event-type': 'packet-trace' }],
  };
  const test = describeTest(metadata, archive, 0);
  if (test === null || typeof test === 'string') return test;
  const [source, destination] = [test.source.address, test.destination.address];
  if (source === null || destination === null) return 'without addresses';
  const key = `${source}_${destination}`;
  const parts = [source, destination].map((address) => address.replaceAll(':', '-'));
  const sites = [textOf(src_netsite), textOf(dest_netsite)];
  return {
    ...test,
    key,
    id: createTestId(archive, key, [...parts, test.tool]),
    taskName: sites.includes(null) ? null : sites.join(' > '),
  };
}

/** The lists name the hops that replied. Their ttls show where the others are. */
function resultOf(document: JsonObject): RunResult {
  const [hops, ttls, rtts, asns] = [document.hops, document.ttls, document.rtts, document.asns].map(
    listOf,
  ) as [readonly unknown[], readonly unknown[], readonly unknown[], readonly unknown[]];
  if (!Array.isArray(document.hops) || hops.length !== ttls.length) return null;
  const val = hops.map((ip, index) => ({
    ttl: ttls[index],
    ip,
    rtt: rtts[index],
    as: numberOf(asns[index]) > 0 ? jsonObject({ number: asns[index] }) : undefined,
  }));
  return { val };
}
