import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';
import { blankRun, type RunDocument } from '../mtr/runDocument.ts';
import { icmpErrorOf, mtuOf, numberOf, responderAddress, roundTripMs } from '../probeValues.ts';
import {
  asnOf,
  createProbeTable,
  listOf,
  type ProbeTable,
  pathMtuOf,
  type ResultFormat,
  secondsOf,
  textOf,
} from './resultFormat.ts';

/** Saved answers of esmond and elmond for `packet-trace`: a record for each run, without hosts. */
export const esmondFormat: ResultFormat = {
  name: 'saved answer of esmond',
  recognizes: (value) => 'ts' in value && 'val' in value,
  read: readRecord,
};

function readRecord({ ts, val }: JsonObject): RunDocument | string {
  const records = listOf(val);
  const flows = records.every(Array.isArray) ? (records as unknown[][]) : [records];
  const table = createProbeTable();
  const startedAt = secondsOf(ts);
  const isValid = flows.flat().every((hop) => addHop(jsonObject(hop), table));
  if (!isValid || records.length === 0 || startedAt === null) {
    return 'record of esmond that is no trace';
  }
  const hops = table.rows();
  return { ...blankRun, tool: 'traceroute', startedAt, hops, pathMtu: pathMtuOf(hops) };
}

/** Adds a probe. False if it is invalid. */
function addHop(hop: JsonObject, table: ProbeTable): boolean {
  const tally = table.at(hop.ttl);
  if (tally === null) return false;
  const address = responderAddress(hop.ip);
  const asn = asnOf(jsonObject(hop.as).number);
  tally.error ??= icmpErrorOf(hop['error-message'] ?? hop.error_message);
  tally.mtu = mtuOf(hop.mtu) ?? tally.mtu;
  if (address === null) tally.recordLoss();
  else {
    tally.recordReply({ address, name: textOf(hop.hostname), asn }, roundTripMs(numberOf(hop.rtt)));
  }
  return address !== null || hop.ip === undefined || hop.ip === null;
}
