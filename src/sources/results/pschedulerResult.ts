import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';
import { blankRun, type RunDocument, type TraceTool } from '../mtr/runDocument.ts';
import { mtuOf, numberOf, responderAddress, roundTripMs } from '../probeValues.ts';
import {
  asnOf,
  createProbeTable,
  listOf,
  type ProbeTable,
  pathMtuOf,
  protocolOf,
  type ResultFormat,
  secondsOf,
  textOf,
} from './resultFormat.ts';

/**
 * pScheduler: `pscheduler result --format json`, a run as its API returns it, and the documents of
 * its archivers. A bare result has neither hosts nor time.
 */
export const pschedulerFormat: ResultFormat = {
  name: 'pscheduler result --format json',
  recognizes: (value) => 'succeeded' in resultOf(value) || jsonObject(value.test).type === 'trace',
  read: readRun,
};

function resultOf(run: JsonObject): JsonObject {
  if ('paths' in run || 'succeeded' in run) return run;
  return jsonObject(run['result-merged'] ?? run.result);
}

function readRun(run: JsonObject): RunDocument | string {
  const result = resultOf(run);
  const { type = 'trace', spec } = jsonObject(run.test);
  if (type !== 'trace') return 'pScheduler result of a test that is no trace';
  if (result.succeeded !== true) return 'pScheduler result of a run that failed';
  const { source, dest, length, ...rest } = jsonObject(spec);
  const firstTtl = numberOf(rest['first-ttl'] ?? 1);
  const table = createProbeTable();
  const paths = listOf(result.paths).map(listOf);
  const isValid = paths.every((path) =>
    path.every((hop, index) => addHop(jsonObject(hop), firstTtl + index, table)),
  );
  if (!isValid || paths.length === 0) return 'invalid pScheduler result';
  const hops = table.rows();
  return {
    ...blankRun,
    tool: toolOf(run.tool),
    source: textOf(source) ?? textOf(listOf(run.participants)[0]),
    destination: textOf(dest),
    startedAt: startOf(run),
    protocol: protocolOf(rest['probe-type']),
    packetBytes: Number.isInteger(length) ? String(length) : null,
    hops,
    pathMtu: pathMtuOf(hops),
  };
}

const tools: readonly TraceTool[] = ['traceroute', 'tracepath', 'paris-traceroute'];

function toolOf(tool: unknown): TraceTool {
  const name = textOf(tool) ?? textOf(jsonObject(tool).name);
  return tools.find((known) => known === name) ?? 'traceroute';
}

function startOf(run: JsonObject): number | null {
  const start =
    run['start-time'] ?? jsonObject(run.run)['start-time'] ?? jsonObject(run.schedule).start;
  return typeof start === 'string' ? secondsOf(Date.parse(start) / 1000) : null;
}

/** Adds a hop. False if it is invalid. */
function addHop(hop: JsonObject, ttl: number, table: ProbeTable): boolean {
  const tally = table.at(ttl);
  if (tally === null) return false;
  tally.error ??= textOf(hop.error);
  tally.mtu = mtuOf(hop.mtu) ?? tally.mtu;
  const address = responderAddress(hop.ip);
  const asn = asnOf(jsonObject(hop.as).number);
  if (address === null) tally.recordLoss();
  else tally.recordReply({ address, name: textOf(hop.hostname), asn }, durationMs(hop.rtt));
  return address !== null || hop.ip === undefined || hop.ip === null;
}

/** Milliseconds of an ISO 8601 duration of at most minutes, such as `PT0.0123S`. */
function durationMs(value: unknown): number | null {
  const [match, minutes = '0', seconds = '0'] =
    /^PT(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/.exec(String(value)) ?? [];
  if (match === undefined) return null;
  return roundTripMs((Number(minutes) * 60 + Number(seconds)) * 1000);
}
