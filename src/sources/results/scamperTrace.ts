import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';
import { blankRun, type RunDocument } from '../mtr/runDocument.ts';
import { numberOf, responderAddress, roundTripMs } from '../probeValues.ts';
import { icmpReplyError } from './icmpReply.ts';
import {
  createProbeTable,
  listOf,
  type ProbeTable,
  protocolOf,
  type ResultFormat,
  secondsOf,
  textOf,
} from './resultFormat.ts';

/** scamper: `sc_warts2json`, or `scamper -O json`, of traces. */
export const scamperFormat: ResultFormat = {
  name: 'sc_warts2json',
  recognizes: ({ type, stop_reason: end }) => type === 'trace' && typeof end === 'string',
  read: readTrace,
};

function readTrace(trace: JsonObject): RunDocument | string {
  const table = createProbeTable();
  const isValid = listOf(trace.hops).every((hop) => addReply(jsonObject(hop), table));
  const destinationAddress = responderAddress(trace.dst);
  const startedAt = secondsOf(jsonObject(trace.start).sec);
  if (!isValid || destinationAddress === null || startedAt === null) {
    return 'invalid trace of scamper';
  }
  return {
    ...blankRun,
    tool: 'scamper',
    source: textOf(trace.src),
    destination: destinationAddress,
    destinationAddress,
    startedAt,
    reached: trace.stop_reason === 'COMPLETED',
    protocol: protocolOf(trace.method),
    packetBytes: Number.isInteger(trace.probe_size) ? String(trace.probe_size) : null,
    // scamper writes replies only, so the number of probes is unknown.
    hops: table.rows().map((row) => ({ ...row, sent: null })),
  };
}

/** Adds a reply. False if it is invalid. */
function addReply(hop: JsonObject, table: ProbeTable): boolean {
  const tally = table.at(hop.probe_ttl);
  const address = responderAddress(hop.addr);
  if (tally === null || address === null) return false;
  tally.recordReply({ address, name: textOf(hop.name), asn: null }, roundTripMs(numberOf(hop.rtt)));
  tally.error ??= icmpReplyError(numberOf(hop.icmp_type), numberOf(hop.icmp_code), address);
  return true;
}
