import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';
import { blankRun, type RunDocument } from '../mtr/runDocument.ts';
import { numberOf, responderAddress, roundTripMs } from '../probeValues.ts';
import {
  asnOf,
  createProbeTable,
  listOf,
  type ProbeTable,
  type ResultFormat,
  textOf,
} from './resultFormat.ts';

/** NextTrace: `nexttrace --json`, which names neither the target nor the time. */
export const nextTraceFormat: ResultFormat = {
  name: 'nexttrace --json',
  recognizes: ({ Hops: hops }) => Array.isArray(hops) && hops.every(Array.isArray),
  read: readResult,
};

function readResult(result: JsonObject): RunDocument | string {
  const table = createProbeTable();
  const hops = listOf(result.Hops);
  const isValid = hops.every((probes, index) =>
    listOf(probes).every((probe) => addProbe(jsonObject(probe), index + 1, table)),
  );
  if (!isValid || hops.length === 0) return 'invalid result of NextTrace';
  return { ...blankRun, tool: 'nexttrace', hops: table.rows() };
}

const nanosecondsPerMs = 1_000_000;

/** Adds a probe. False if it is invalid. */
function addProbe(probe: JsonObject, ttl: number, table: ProbeTable): boolean {
  const tally = table.at(ttl);
  if (tally === null) return false;
  if (probe.Success !== true) {
    tally.recordLoss();
    return true;
  }
  const address = responderAddress(jsonObject(probe.Address).IP);
  const asn = asnOf(jsonObject(probe.Geo).asnumber);
  const rttMs = roundTripMs(numberOf(probe.RTT) / nanosecondsPerMs);
  tally.recordReply({ address, name: textOf(probe.Hostname), asn }, rttMs);
  return address !== null;
}
