import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';
import { blankRun, type RunDocument } from '../mtr/runDocument.ts';
import { numberOf, responderAddress, roundTripMs } from '../probeValues.ts';
import {
  asnOf,
  createProbeTable,
  isoSeconds,
  listOf,
  type ProbeTable,
  protocolOf,
  type ResultFormat,
  textOf,
} from './resultFormat.ts';

/** Globalping: the `traceroute` and `mtr` results of a measurement, one for each probe. */
export const globalpingFormat: ResultFormat = {
  name: 'Globalping measurement',
  recognizes: (value) => 'globalping' in value,
  read: readResult,
};

/**
 * A result for each probe of a measurement, with the measurement itself. Globalping describes a
 * probe by its city and network, so two probes of one description have one name.
 */
export function globalpingResults({ results, ...globalping }: JsonObject): JsonObject[] {
  const seen = new Set<string>();
  return listOf(results).map((element) => {
    const { probe, result } = jsonObject(element);
    const source = sourceName(jsonObject(probe));
    const isRepeated = seen.has(source);
    seen.add(source);
    return { globalping, source, isRepeated, result };
  });
}

/** Such as `globalping-falkenstein-de-as24940`. */
function sourceName({ city, country, asn }: JsonObject): string {
  const number = asnOf(asn);
  const parts = [
    'globalping',
    textOf(city),
    textOf(country),
    number === null ? null : `as${number}`,
  ];
  const words = parts.filter((part) => part !== null).join('-');
  return words
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
}

const traceTypes: readonly unknown[] = ['traceroute', 'mtr'];

function readResult({ globalping, source, isRepeated, result }: JsonObject): RunDocument | string {
  const { type, target, createdAt, measurementOptions } = jsonObject(globalping);
  if (!traceTypes.includes(type)) return 'Globalping measurement that is no trace';
  if (isRepeated === true) return 'Globalping result of a second probe in one city and network';
  const { status, resolvedAddress, hops } = jsonObject(result);
  if (status !== 'finished') return 'Globalping result of a probe that failed';
  const table = createProbeTable();
  const isValid = listOf(hops).every((hop, index) => addHop(jsonObject(hop), index + 1, table));
  const startedAt = isoSeconds(createdAt);
  if (!isValid || startedAt === null) return 'invalid Globalping result';
  // traceroute leaves out the probes that were lost, so their number is unknown.
  const rows = table.rows().map((row) => (type === 'mtr' ? row : { ...row, sent: null }));
  return {
    ...blankRun,
    tool: 'globalping',
    source: textOf(source),
    destination: textOf(target),
    destinationAddress: responderAddress(resolvedAddress),
    startedAt,
    protocol: protocolOf(jsonObject(measurementOptions).protocol),
    hops: rows,
  };
}

/** Adds a hop. False if it is invalid. */
function addHop(hop: JsonObject, ttl: number, table: ProbeTable): boolean {
  // The destination, which the last hops repeat.
  if (hop.duplicate === true) return true;
  const address = responderAddress(hop.resolvedAddress);
  const isNamed = hop.resolvedHostname !== hop.resolvedAddress;
  const name = isNamed ? textOf(hop.resolvedHostname) : null;
  const asn = asnOf(listOf(hop.asn)[0]);
  const timings = listOf(hop.timings).map((timing) => numberOf(jsonObject(timing).rtt));
  // A hop without any timing is silent.
  return (timings.length === 0 ? [Number.NaN] : timings).every((rtt) => {
    const tally = table.at(ttl);
    if (tally === null) return false;
    const ms = roundTripMs(rtt);
    if (address === null || ms === null) tally.recordLoss();
    else tally.recordReply({ address, name, asn }, ms);
    return true;
  });
}
