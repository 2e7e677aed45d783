import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';
import { blankRun, type RunDocument, type TraceTool, traceTools } from '../mtr/runDocument.ts';
import { durationMs, icmpErrorOf, mtuOf, numberOf, responderAddress } from '../probeValues.ts';
import {
  asnOf,
  createProbeTable,
  isoSeconds,
  listOf,
  type ProbeTable,
  pathMtuOf,
  protocolOf,
  type ResultFormat,
  textOf,
} from './resultFormat.ts';

/**
 * pScheduler: `pscheduler result --format json`, a run as its API returns it, and the documents of
 * its archivers, also as OpenSearch stores them. A bare result has neither hosts nor time.
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
  const [stored, meta] = [jsonObject(run.pscheduler), jsonObject(run.meta)];
  const table = createProbeTable();
  const paths = listOf(result.paths ?? result.json).map(listOf);
  const isValid = paths.every((path) =>
    path.every((hop, index) => addHop(jsonObject(hop), firstTtl + index, table)),
  );
  if (!isValid || paths.length === 0) return 'invalid pScheduler result';
  const hops = table.rows();
  return {
    ...blankRun,
    tool: toolOf(run.tool ?? stored.tool),
    source: textOf(source) ?? textOf(listOf(run.participants)[0]) ?? hostOf(meta.source),
    destination: textOf(dest) ?? hostOf(meta.destination),
    destinationAddress: responderAddress(jsonObject(meta.destination).ip),
    startedAt: startOf(run),
    protocol: protocolOf(rest['probe-type']),
    packetBytes: Number.isInteger(length) ? String(length) : null,
    hops,
    pathMtu: pathMtuOf(hops),
  };
}

function toolOf(tool: unknown): TraceTool {
  const name = textOf(tool) ?? textOf(jsonObject(tool).name);
  return traceTools.find((known) => known === name) ?? 'traceroute';
}

function startOf(run: JsonObject): number | null {
  return isoSeconds(
    run['start-time'] ??
      jsonObject(run.run)['start-time'] ??
      jsonObject(run.schedule).start ??
      jsonObject(run.pscheduler).start_time,
  );
}

/** The name of an end in a document of OpenSearch, else its address. */
function hostOf(end: unknown): string | null {
  const { hostname, ip } = jsonObject(end);
  return textOf(hostname) ?? textOf(ip);
}

/** Adds a hop. False if it is invalid. */
function addHop(hop: JsonObject, ttl: number, table: ProbeTable): boolean {
  const tally = table.at(ttl);
  if (tally === null) return false;
  tally.error ??= icmpErrorOf(hop.error);
  tally.mtu = mtuOf(hop.mtu) ?? tally.mtu;
  const address = responderAddress(hop.ip);
  const asn = asnOf(jsonObject(hop.as).number);
  if (address === null) tally.recordLoss();
  else tally.recordReply({ address, name: textOf(hop.hostname), asn }, durationMs(hop.rtt));
  return address !== null || hop.ip === undefined || hop.ip === null;
}
