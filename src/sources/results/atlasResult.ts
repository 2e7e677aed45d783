import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';
import { parseErrorMark } from '../mtr/icmpErrors.ts';
import { blankRun, type RunDocument } from '../mtr/runDocument.ts';
import { readTraceroute } from '../mtr/tracerouteReader.ts';
import { numberOf, responderAddress, roundTripMs } from '../probeValues.ts';
import {
  createProbeTable,
  listOf,
  type ProbeTable,
  protocolOf,
  type ResultFormat,
  secondsOf,
  textOf,
} from './resultFormat.ts';

/** RIPE Atlas: results of traceroute measurements, also those of firmware 1. */
export const atlasFormat: ResultFormat = {
  name: 'RIPE Atlas result',
  recognizes: (value) => 'fw' in value && 'prb_id' in value,
  read: readResult,
};

/** After several silent hops, a probe of this ttl looks for the destination behind them. */
const finalTtl = 255;

function readResult(result: JsonObject): RunDocument | string {
  if (result.fw === 1) return readFirstFirmware(result);
  if (result.type !== 'traceroute') return 'RIPE Atlas result that is no traceroute';
  const destinationAddress = responderAddress(result.dst_addr);
  const startedAt = secondsOf(result.timestamp);
  if (destinationAddress === null) return 'RIPE Atlas result without the address of its target';
  const table = createProbeTable();
  const isValid = listOf(result.result).every((hop) => addHop(jsonObject(hop), table));
  if (!isValid || startedAt === null) return 'invalid RIPE Atlas result';
  return {
    ...blankRun,
    tool: 'ripe-atlas',
    source: textOf(result.from) ?? textOf(result.src_addr),
    destination: textOf(result.dst_name) ?? destinationAddress,
    destinationAddress,
    startedAt,
    protocol: protocolOf(result.proto),
    packetBytes: Number.isInteger(result.size) ? String(result.size) : null,
    hops: table.rows(),
  };
}

/** Firmware 1 supplies the output of traceroute, and repeats neither type nor target. */
function readFirstFirmware({ from, timestamp, result }: JsonObject): RunDocument | string {
  if (typeof result !== 'string') return 'RIPE Atlas result that is no traceroute';
  const run = readTraceroute(result);
  const startedAt = secondsOf(timestamp);
  if (typeof run === 'string' || startedAt === null) return 'invalid RIPE Atlas result';
  return { ...run, tool: 'ripe-atlas', source: textOf(from), startedAt };
}

/** Adds the replies of a hop. False if it is invalid. */
function addHop({ hop, result }: JsonObject, table: ProbeTable): boolean {
  if (hop === finalTtl) return true;
  return listOf(result).every((reply) => addReply(hop, jsonObject(reply), table));
}

function addReply(hop: unknown, reply: JsonObject, table: ProbeTable): boolean {
  // The probe could not be sent, or was counted before: as lost, or with its first reply.
  if ('error' in reply || 'late' in reply || 'dup' in reply) return true;
  const tally = table.at(hop);
  if (tally === null) return false;
  if ('x' in reply) {
    tally.recordLoss();
    return true;
  }
  const address = responderAddress(reply.from);
  if (address === null) return false;
  tally.recordReply({ address, name: null, asn: null }, roundTripMs(numberOf(reply.rtt)));
  if (reply.err !== undefined) tally.error ??= errorOf(String(reply.err));
  return true;
}

/** Letters as in traceroute, except for `p` (port) and `h` (beyond the scope of the source). */
function errorOf(err: string): string | null {
  if (err === 'p') return parseErrorMark('!3');
  return parseErrorMark(`!${err.toUpperCase()}`);
}
