import type { Trace } from '../model/trace/trace.ts';
import { formatMs, formatMsDigits, formatPercent, isoTime } from '../model/values/format.ts';
import type { PingStatistics } from '../sources/monitor/pingOutput.ts';
import type { PortResult } from '../sources/monitor/portScan.ts';
import type { Service } from '../sources/monitor/serviceProbe.ts';
import type { MonitorRecord } from './monitorRecord.ts';

/**
 * The replies of one address at one ttl, times in milliseconds; null for values that mtr does not
 * report.
 */
interface HopReply {
  readonly address: string;
  readonly received: number | null;
  readonly minMs: number | null;
  readonly avgMs: number | null;
  readonly maxMs: number | null;
  readonly stdevMs: number | null;
  readonly jitterMs: number | null;
}

/** One hop of a trace. */
interface HopReport {
  readonly ttl: number;
  readonly sent: number | null;
  readonly lossPct: number | null;
  readonly error: string | null;
  readonly replies: readonly HopReply[];
}

/** A record as one line of JSON; `withTime` adds `at` in ISO 8601. */
export function jsonRecord(record: MonitorRecord, withTime: boolean): string {
  const { statistic, at, host, address, test, result } = record;
  const time = withTime ? { at: isoTime(at) } : {};
  return JSON.stringify({ ...time, host, address, test, statistic, ...resultJson(result) });
}

/** A record as text: one line, and one more for each hop of a trace. */
export function textRecord(record: MonitorRecord, withTime: boolean): string {
  const { statistic, at, host, address, result } = record;
  const name = address === null || address === host ? host : `${host} (${address})`;
  const head = `${withTime ? `${isoTime(at)} ` : ''}${name} ${statistic}`;
  if ('error' in result) return `${head} failed: ${result.error}`;
  if ('ping' in result) return `${head} ${pingText(result.ping)}`;
  if ('ports' in result) return `${head} ${result.ports.map(portText).join(', ')}`;
  const { trace } = result;
  const end = `${trace.route.reached ? 'reached' : 'not reached'}, ${trace.route.hops.at(-1)?.ttl ?? 0} hops`;
  return [`${head} ${end}`, ...toHopReports(trace).map(hopText)].join('\n');
}

function resultJson(result: MonitorRecord['result']): object {
  if ('error' in result) return { error: result.error };
  if ('ping' in result) return { ...result.ping, lossPct: lossPct(result.ping) };
  if ('ports' in result) return result;
  const { route } = result.trace;
  return { reached: route.reached, pathMtu: route.pathMtu, hops: toHopReports(result.trace) };
}

function lossPct({ sent, received }: Pick<PingStatistics, 'sent' | 'received'>): number {
  return sent === 0 ? 0 : Math.max(0, (100 * (sent - received)) / sent);
}

function toHopReports({ route, rttMs, probes }: Trace): HopReport[] {
  let index = 0;
  return route.hops.map(({ ttl, addresses, error }, position): HopReport => {
    const replies = addresses.map((address): HopReply => {
      const at = index++;
      return {
        address,
        received: probes?.received[at] ?? null,
        minMs: rttMs[at] ?? null,
        avgMs: probes?.spread?.avgMs[at] ?? null,
        maxMs: probes?.spread?.worstMs[at] ?? null,
        stdevMs: probes?.spread?.stdevMs[at] ?? null,
        jitterMs: probes?.spread?.jitterMs[at] ?? null,
      };
    });
    const sent = probes?.sent[position] ?? null;
    const received = replies.reduce((sum, reply) => sum + (reply.received ?? 0), 0);
    return {
      ttl,
      sent,
      lossPct: sent === null ? null : lossPct({ sent, received }),
      error,
      replies,
    };
  });
}

function hopText({ ttl, lossPct: hopLossPct, error, replies }: HopReport): string {
  const replyTexts = replies.map(({ address, minMs, avgMs, maxMs }) =>
    minMs === null
      ? address
      : `${address} ${[minMs, avgMs ?? minMs, maxMs ?? minMs].map(formatMsDigits).join('/')} ms`,
  );
  const answers = replyTexts.length === 0 ? '*' : replyTexts.join(', ');
  const loss =
    hopLossPct === null || replyTexts.length === 0 ? '' : ` ${formatPercent(hopLossPct)} lost`;
  return `${String(ttl).padStart(4)} ${answers}${loss}${error === null ? '' : ` ${error}`}`;
}

function pingText(ping: PingStatistics): string {
  const { sent, minMs, avgMs, maxMs, stdevMs, jitterMs } = ping;
  const count = `${sent} sent, ${formatPercent(lossPct(ping))} lost`;
  if (minMs === null || avgMs === null || maxMs === null) return count;
  const times = `min/avg/max ${[minMs, avgMs, maxMs].map(formatMsDigits).join('/')} ms`;
  const spread = [
    ...(stdevMs === null ? [] : [`stdev ${formatMs(stdevMs)}`]),
    ...(jitterMs === null ? [] : [`jitter ${formatMs(jitterMs)}`]),
  ];
  return [count, times, ...spread].join(', ');
}

function portText({ port, state, rttMs, service }: PortResult): string {
  const parts = [String(port), state, ...(rttMs === null ? [] : [formatMs(rttMs)])];
  return service === undefined ? parts.join(' ') : `${parts.join(' ')} (${serviceText(service)})`;
}

function serviceText(service: Service): string {
  if ('version' in service) return `MySQL ${service.version ?? 'not recognized'}`;
  const { status, server } = service;
  return server === null ? `HTTP ${status}` : `HTTP ${status}, ${server}`;
}
