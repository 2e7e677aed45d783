import { format } from 'date-fns';
import type { Route, Trace } from '../model/trace/trace.ts';
import type { PingStatistics } from '../sources/monitor/pingOutput.ts';
import type { PortResult } from '../sources/monitor/portScan.ts';
import type { Target } from '../sources/targets/target.ts';
import type { MonitorRecord } from './monitorRecord.ts';

/** The ports whose services connvitals-monitor reports, in its order. */
const services = [
  ['http', 80],
  ['https', 443],
  ['mysql', 3306],
] as const;

/** An unknown server or version, in the spelling of each of its functions. */
const unknownServer = 'Unkown';
const unknownVersion = 'Unknown';

/**
 * A record as connvitals-monitor 4.1 prints it, in JSON or text as the target asks for. `printedAt`
 * is in epoch milliseconds. null for a failure, which that program reports on standard error; of
 * pings to a known address, it also prints that all are lost.
 */
export function connvitalsRecord(
  record: MonitorRecord,
  target: Target,
  printedAt: number,
): string | null {
  const [json, text] = bodyOf(record, target) ?? [null, null];
  if (json === null) return null;
  const { host, address } = record;
  const { json: asJson, timestamp } = target.monitor;
  const hasTime = timestamp ?? true;
  if (asJson !== true) {
    const head = address === null || address === host ? host : `${host} ${address}`;
    return [head, ...(hasTime ? [ctime(printedAt)] : []), text].join('\n');
  }
  const [addr, name] = [JSON.stringify(address ?? host), JSON.stringify(host)];
  return hasTime
    ? `{"addr":${addr},"name":${name},"timestamp":${printedAt.toFixed(6)},${json}}`
    : `{"addr":${addr}, "name":${name}, ${json}}`;
}

/** The line that connvitals-monitor writes to standard error. */
export function connvitalsError({ host, result }: MonitorRecord, printedAt: number): string | null {
  if (!('error' in result)) return null;
  return `EE: OSError: ${host}: ${result.error} -\t ${ctime(printedAt)}`;
}

/** Whether the same hosts replied in the same order; silent hops do not count. */
export function isSameConnvitalsRoute(one: Route, other: Route): boolean {
  return hostsOf(one).join(' ') === hostsOf(other).join(' ');
}

function hostsOf({ hops }: Route): string[] {
  return hops.flatMap(({ addresses }) => addresses[0] ?? []);
}

/** Time in the form of C's `ctime`, in the time zone of this host. */
function ctime(ms: number): string {
  const day = format(ms, 'd').padStart(2);
  return `${format(ms, 'EEE MMM')} ${day} ${format(ms, 'HH:mm:ss yyyy')}`;
}

/** The statistic as JSON and as text. */
function bodyOf(
  { statistic, address, result }: MonitorRecord,
  target: Target,
): [string, string] | null {
  if ('ping' in result) return pingBody(result.ping);
  if ('ports' in result) return scanBody(result.ports);
  if ('trace' in result) return traceBody(result.trace, target.maxTtl);
  return statistic === 'ping' && address !== null ? lostPings : null;
}

const lostPings = pingText([-1, -1, -1, -1], 100);

function pingBody({ sent, received, minMs, avgMs, maxMs, stdevMs }: PingStatistics) {
  if (minMs === null || avgMs === null || maxMs === null) return lostPings;
  const loss = sent === 0 ? 0 : (100 * (sent - received)) / sent;
  return pingText([minMs, avgMs, maxMs, stdevMs ?? 0], loss);
}

function pingText(
  times: readonly [number, number, number, number],
  loss: number,
): [string, string] {
  const [min, avg, max, std] = times.map((ms) => ms.toFixed(6));
  const json = `"ping":{"min":${min},"avg":${avg},"max":${max},"std":${std},"loss":${loss.toFixed(6)}}`;
  return [json, [...times, loss].map((value) => value.toFixed(3)).join('\t')];
}

/** The hops up to the destination, or up to the largest ttl. */
function traceBody({ route, rttMs }: Trace, maxTtl: number): [string, string] {
  const steps: [string, number | null][] = [];
  let index = 0;
  for (const { ttl, addresses } of route.hops) {
    while (steps.length < ttl - 1) steps.push(['*', null]);
    steps.push([addresses[0] ?? '*', addresses.length === 0 ? null : (rttMs[index] ?? null)]);
    index += addresses.length;
  }
  while (!route.reached && steps.length < maxTtl) steps.push(['*', null]);
  const json = steps.map(([host, ms]) => (ms === null ? '["*"]' : `["${host}", ${ms.toFixed(6)}]`));
  const lines = steps.map(([host, ms]) => (ms === null ? '*' : `${host}\t${ms.toFixed(3)}`));
  return [`"trace":[${json.join(',')}]`, lines.join('\n')];
}

function scanBody(ports: readonly PortResult[]): [string, string] {
  const found = services.map(([name, port]) => {
    const result = ports.find((one) => one.port === port);
    return { name, service: result?.service ?? null };
  });
  const json = found.map(({ name, service }) => `"${name}":${serviceJson(service)}`);
  const text = found.map(({ service }) => serviceText(service));
  return [`"scan":{${json.join(',')}}`, text.join('\t')];
}

type Service = NonNullable<PortResult['service']>;

function serviceJson(service: Service | null): string {
  if (service === null) return '"None"';
  const rtt = `"rtt":${service.rttMs.toFixed(6)}`;
  if ('version' in service) {
    return `{${rtt},"version":${JSON.stringify(service.version ?? unknownVersion)}}`;
  }
  const server = JSON.stringify(service.server ?? unknownServer);
  return `{${rtt},"response code":"${service.status}","server":${server}}`;
}

function serviceText(service: Service | null): string {
  if (service === null) return 'None';
  const rtt = service.rttMs.toFixed(3);
  if ('version' in service) return `${rtt}, ${service.version ?? unknownVersion}`;
  return `${rtt}, ${service.status}, ${service.server ?? unknownServer}`;
}
