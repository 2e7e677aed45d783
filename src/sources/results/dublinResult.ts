import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';
import { blankRun, type RunDocument } from '../mtr/runDocument.ts';
import { numberOf, responderAddress, roundTripMs } from '../probeValues.ts';
import { icmpReplyError } from './icmpReply.ts';
import {
  createProbeTable,
  listOf,
  type ProbeTable,
  type ResultFormat,
  secondsOf,
  textOf,
} from './resultFormat.ts';

/** dublin-traceroute: its JSON file, with one route for each flow. Their hosts share the hops. */
export const dublinFormat: ResultFormat = {
  name: 'dublin-traceroute',
  recognizes: ({ flows }) => {
    const lists = Object.values(jsonObject(flows));
    return lists.length > 0 && lists.every(Array.isArray);
  },
  read: readFlows,
};

function readFlows({ flows }: JsonObject): RunDocument | string {
  const probes = Object.values(jsonObject(flows)).flatMap(listOf).map(jsonObject);
  const sent = probes.map((probe) => jsonObject(probe.sent));
  const times = sent.flatMap(({ timestamp }) => secondsOf(timestamp) ?? []);
  const ends = new Set(sent.map(({ ip }) => textOf(jsonObject(ip).dst)));
  const [end] = ends;
  const table = createProbeTable();
  const isValid = probes.every((probe) => addProbe(probe, table));
  const destinationAddress = responderAddress(end);
  if (!isValid || ends.size > 1 || destinationAddress === null || times.length === 0) {
    return 'invalid result of dublin-traceroute';
  }
  return {
    ...blankRun,
    tool: 'dublin-traceroute',
    source: textOf(jsonObject(sent[0]?.ip).src),
    destination: destinationAddress,
    destinationAddress,
    startedAt: Math.min(...times),
    protocol: 'udp',
    hops: table.rows(),
  };
}

const microsecondsPerMs = 1000;

/** Adds a probe. False if it is invalid. */
function addProbe(probe: JsonObject, table: ProbeTable): boolean {
  const tally = table.at(jsonObject(jsonObject(probe.sent).ip).ttl);
  if (tally === null) return false;
  if (probe.received === null || probe.received === undefined) {
    tally.recordLoss();
    return true;
  }
  const { ip, icmp } = jsonObject(probe.received);
  const address = responderAddress(jsonObject(ip).src);
  if (address === null) return false;
  const rttMs = roundTripMs(numberOf(probe.rtt_usec) / microsecondsPerMs);
  const name = textOf(probe.name);
  tally.recordReply({ address, name: name === address ? null : name, asn: null }, rttMs);
  tally.error ??= errorOf(jsonObject(icmp), address);
  return true;
}

/** The version in C++ exchanges type and code. */
function errorOf({ type, code }: JsonObject, address: string): string | null {
  const [first, second] = [numberOf(type), numberOf(code)];
  return icmpReplyError(first, second, address) ?? icmpReplyError(second, first, address);
}
