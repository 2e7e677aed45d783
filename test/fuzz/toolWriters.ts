import type { Random } from '../../src/demo/random.ts';
import {
  asnOfHost,
  type ModelHop,
  type ModelReply,
  type ModelRun,
  nameOfHost,
  repliesByAddress,
} from './modelRun.ts';
import { pick } from './mutations.ts';

/** Writes runs as a tool does, with options drawn at random. */
export interface ToolWriter {
  readonly name: string;
  /** Most hosts of a hop and most probes of a ttl that the output can express. */
  readonly hosts: number;
  readonly probes: number;
  /** Decimals of the round-trip times, in ms. */
  readonly decimals: number;
  /** Whether the output has the time of the run. */
  readonly isDated: boolean;
  write(run: ModelRun, random: Random): string;
}

/** Values of mtr's columns for a hop. */
function columnsOf(hop: ModelHop) {
  const times = hop.flatMap((reply) => reply?.ms ?? []);
  const sum = times.reduce((total, ms) => total + ms, 0);
  const ordered = times.toSorted((a, b) => a - b);
  return {
    loss: (100 * (hop.length - times.length)) / hop.length,
    sent: hop.length,
    last: times.at(-1) ?? 0,
    avg: times.length === 0 ? 0 : sum / times.length,
    best: ordered[0] ?? 0,
    worst: ordered.at(-1) ?? 0,
  };
}

/** The only host of a hop; null if it is silent. */
function hostOf(hop: ModelHop): string | null {
  return hop.find((reply) => reply !== null)?.address ?? null;
}

type HostStyle = 'address' | 'both';

/** A host as `-n` or `-b` print it. */
function hostText(address: string | null, style: HostStyle): string {
  if (address === null) return '???';
  const name = style === 'both' ? nameOfHost(address) : null;
  return name === null ? address : `${name} (${address})`;
}

const styles: readonly HostStyle[] = ['address', 'both'];
const indents: readonly (number | undefined)[] = [undefined, 2, 4];

const mtrJson: ToolWriter = {
  ...{ name: 'mtr --json', hosts: 1, probes: 10, decimals: 3, isDated: false },
  write(run, random) {
    const [style, hasAsn, indent] = [pick(styles, random), random() < 0.5, pick(indents, random)];
    const hubs = run.hops.map((hop, index) => {
      const address = hostOf(hop);
      const { loss, sent, last, avg, best, worst } = columnsOf(hop);
      const asn = address === null ? null : asnOfHost(address);
      return {
        count: index + 1,
        host: hostText(address, style),
        ...(hasAsn ? { ASN: `AS${asn ?? '???'}` } : {}),
        ...{ 'Loss%': loss, Snt: sent, Last: last, Avg: avg, Best: best, Wrst: worst, StDev: 0.1 },
      };
    });
    const mtr = { src: run.source, dst: run.target, tests: run.hops[0]?.length ?? 1 };
    return `${JSON.stringify({ report: { mtr, hubs } }, null, indent)}\n`;
  },
};

const mtrReport: ToolWriter = {
  ...{ name: 'mtr --report-wide', hosts: 1, probes: 10, decimals: 1, isDated: true },
  write(run, random) {
    const style = pick(styles, random);
    const width = Math.max(...run.hops.map((hop) => hostText(hostOf(hop), style).length), 26) + 2;
    const start = new Date(run.startedAt * 1000).toISOString().replace('.000Z', '+0000');
    const rows = run.hops.map((hop, index) => {
      const { loss, sent, last, avg, best, worst } = columnsOf(hop);
      const times = [last, avg, best, worst, 0.1].map((ms) => ms.toFixed(1).padStart(7)).join('');
      const host = hostText(hostOf(hop), style).padEnd(width);
      const count = String(index + 1).padStart(3);
      return `${count}.|-- ${host}${loss.toFixed(1).padStart(5)}%${String(sent).padStart(6)}${times}\n`;
    });
    const titles = 'Loss%   Snt   Last    Avg   Best   Wrst  StDev';
    return `Start: ${start}\nHOST: ${run.source.padEnd(width)} ${titles}\n${rows.join('')}`;
  },
};

const mtrXml: ToolWriter = {
  ...{ name: 'mtr --xml', hosts: 1, probes: 10, decimals: 1, isDated: false },
  write(run, random) {
    const style = pick(styles, random);
    const hubs = run.hops.map((hop, index) => {
      const { loss, sent, last, avg, best, worst } = columnsOf(hop);
      const host = hostText(hostOf(hop), style);
      return `    <HUB COUNT="${index + 1}" HOST="${host}">
        <Loss> ${loss.toFixed(1)}%</Loss>
        <Snt>    ${sent}</Snt>
        <Last> ${last.toFixed(1)}</Last>
        <Avg>  ${avg.toFixed(1)}</Avg>
        <Best> ${best.toFixed(1)}</Best>
        <Wrst> ${worst.toFixed(1)}</Wrst>
        <StDev>   0.1</StDev>
    </HUB>\n`;
    });
    const tests = run.hops[0]?.length ?? 1;
    const head = `<MTR SRC="${run.source}" DST="${run.target}" TOS="0x0" PSIZE="64" TESTS="${tests}">`;
    return `<?xml version="1.0"?>\n${head}\n${hubs.join('')}</MTR>\n`;
  },
};

const mtrCsv: ToolWriter = {
  ...{ name: 'mtr --csv', hosts: 1, probes: 10, decimals: 2, isDated: true },
  write(run, random) {
    const style = pick(styles, random);
    const rows = run.hops.map((hop, index) => {
      const { loss, sent, last, avg, best, worst } = columnsOf(hop);
      const times = [last, avg, best, worst, 0.1].map((ms) => ms.toFixed(2)).join(',');
      const lost = Math.round((loss * sent) / 100);
      const host = hostText(hostOf(hop), style);
      return `MTR.0.95,${run.startedAt},OK,${run.target},${index + 1},${host},${loss.toFixed(2)},${sent},${lost},${times}\n`;
    });
    const titles =
      'Mtr_Version,Start_Time,Status,Host,Hop,Ip,Loss%,Snt, ,Last,Avg,Best,Wrst,StDev,';
    return `${titles}\n${rows.join('')}`;
  },
};

const mtrRaw: ToolWriter = {
  ...{ name: 'mtr --raw', hosts: 1, probes: 5, decimals: 3, isDated: false },
  write(run) {
    let sequence = 33_000;
    const lines: string[] = [];
    const announced = new Set<number>();
    const rounds = run.hops[0]?.length ?? 0;
    for (let round = 0; round < rounds; round += 1) {
      for (const [ttl, hop] of run.hops.entries()) {
        const reply = hop[round] ?? null;
        lines.push(`x ${ttl} ${sequence}`);
        if (reply !== null) {
          // mtr names a host only before its first reply.
          if (!announced.has(ttl)) lines.push(`h ${ttl} ${reply.address}`);
          announced.add(ttl);
          lines.push(`p ${ttl} ${Math.round(reply.ms * 1000)} ${sequence}`);
        }
        sequence += 1;
      }
    }
    return `${lines.join('\n')}\n`;
  },
};

const traceroute: ToolWriter = {
  ...{ name: 'traceroute', hosts: 3, probes: 4, decimals: 3, isDated: false },
  write(run, random) {
    const style = pick(['address', 'linux', 'macos'] as const, random);
    const hasAsn = random() < 0.3;
    const text = ({ address }: ModelReply) => {
      const asn = hasAsn
        ? ` [${asnOfHost(address) === null ? '*' : `AS${asnOfHost(address)}`}]`
        : '';
      if (style === 'address') return address + asn;
      const name = nameOfHost(address) ?? address;
      return (style === 'linux' ? `${name} (${address})` : `${address} (${name})`) + asn;
    };
    const rows = run.hops.map((hop, index) => {
      let before: string | null = null;
      const words = hop.map((reply) => {
        if (reply === null) return '*';
        const host = reply.address === before ? '' : `${text(reply)}  `;
        before = reply.address;
        return `${host}${reply.ms.toFixed(3)} ms`;
      });
      return `${String(index + 1).padStart(2)}  ${words.join('  ')}\n`;
    });
    return `traceroute to ${run.target} (${run.target}), 30 hops max, 60 byte packets\n${rows.join('')}`;
  },
};

const tracepath: ToolWriter = {
  ...{ name: 'tracepath', hosts: 1, probes: 1, decimals: 3, isDated: false },
  write(run, random) {
    const style = pick(styles, random);
    const rows = run.hops.map((hop, index) => {
      const number = `${String(index + 1).padStart(2)}:  `;
      const reply = hop[0] ?? null;
      if (reply === null) return `${number}no reply\n`;
      const end = index === run.hops.length - 1 ? ' reached' : '';
      return `${number}${hostText(reply.address, style).padEnd(52)} ${reply.ms.toFixed(3)}ms${end}\n`;
    });
    const head = ' 1?: [LOCALHOST]                      pmtu 1500\n';
    const count = run.hops.length;
    return `${head}${rows.join('')}     Resume: pmtu 1500 hops ${count} back ${count}\n`;
  },
};

/** A hop of pScheduler's results; empty if it is silent. */
function pschedulerHop(hop: ModelHop) {
  const reply = hop[0] ?? null;
  if (reply === null) return {};
  const [hostname, number] = [nameOfHost(reply.address), asnOfHost(reply.address)];
  return {
    ip: reply.address,
    rtt: `PT${(reply.ms / 1000).toFixed(6)}S`,
    ...(hostname === null ? {} : { hostname }),
    ...(number === null ? {} : { as: { number, owner: 'EXAMPLE, ZZ' } }),
  };
}

const isoTime = (seconds: number) =>
  new Date(seconds * 1000).toISOString().replace('.000Z', '+00:00');

const pschedulerJson: ToolWriter = {
  ...{ name: 'pscheduler result --format json', hosts: 1, probes: 1, decimals: 3, isDated: true },
  write(run, random) {
    const spec = { source: run.source, dest: run.target };
    const document = {
      'start-time': isoTime(run.startedAt),
      test: { type: 'trace', spec },
      tool: 'traceroute',
      result: { schema: 1, succeeded: true, paths: [run.hops.map(pschedulerHop)] },
    };
    return `${JSON.stringify(document, null, pick(indents, random))}\n`;
  },
};

const pschedulerText: ToolWriter = {
  ...{ name: 'pscheduler result', hosts: 1, probes: 1, decimals: 3, isDated: true },
  write(run, random) {
    const hasAsn = random() < 0.5;
    const rows = run.hops.map((hop, index) => {
      const reply = hop[0] ?? null;
      if (reply === null) return `${index + 1}\tNo Response\n`;
      const asn = hasAsn ? asnOfHost(reply.address) : null;
      const [as, owner] = asn === null ? ['', ''] : [` AS${asn}`, '\t  EXAMPLE, ZZ\n'];
      return `${index + 1}\t${hostText(reply.address, 'both')}${as} ${reply.ms} ms\n${owner}`;
    });
    const head = `${isoTime(run.startedAt)} on ${run.source} with traceroute:`;
    const command = `trace --source ${run.source} --dest ${run.target}`;
    return `${head}\n\n${command}\n\n${rows.join('')}\n`;
  },
};

const opensearch: ToolWriter = {
  ...{ name: 'OpenSearch hit', hosts: 1, probes: 1, decimals: 3, isDated: true },
  write(run, random) {
    const source = {
      test: { type: 'trace', spec: { dest: run.target } },
      pscheduler: { start_time: isoTime(run.startedAt), tool: 'traceroute' },
      meta: { source: { ip: '192.0.2.1', hostname: run.source } },
      result: { succeeded: true, json: [run.hops.map(pschedulerHop)] },
    };
    const hit = { _index: '.ds-pscheduler_trace-000001', _source: source };
    const answer = random() < 0.5 ? hit : { timed_out: false, hits: { hits: [hit] } };
    return `${JSON.stringify(answer, null, pick(indents, random))}\n`;
  },
};

const esmond: ToolWriter = {
  ...{ name: 'saved answer of esmond', hosts: 3, probes: 3, decimals: 3, isDated: true },
  write(run, random) {
    const val = run.hops.flatMap((hop, index) =>
      hop.map((reply, probe) => {
        const place = { ttl: index + 1, query: probe + 1, success: reply === null ? 0 : 1 };
        return reply === null ? place : { ...place, ip: reply.address, rtt: reply.ms };
      }),
    );
    return `${JSON.stringify([{ ts: run.startedAt, val }], null, pick(indents, random))}\n`;
  },
};

const scamper: ToolWriter = {
  ...{ name: 'sc_warts2json', hosts: 2, probes: 3, decimals: 3, isDated: true },
  write(run) {
    const hops = run.hops.flatMap((hop, index) =>
      hop.flatMap((reply, probe) =>
        reply === null
          ? []
          : [{ addr: reply.address, probe_ttl: index + 1, probe_id: probe, rtt: reply.ms }],
      ),
    );
    const start = { sec: run.startedAt, usec: 7 };
    const ends = { src: '192.0.2.1', dst: run.target, stop_reason: 'COMPLETED' };
    return `${JSON.stringify({ type: 'trace', method: 'icmp-paris', ...ends, start, hops })}\n`;
  },
};

const atlas: ToolWriter = {
  ...{ name: 'RIPE Atlas result', hosts: 3, probes: 3, decimals: 3, isDated: true },
  write(run, random) {
    const hops = run.hops.map((hop, index) => ({
      hop: index + 1,
      result: hop.map((reply) =>
        reply === null ? { x: '*' } : { from: reply.address, rtt: reply.ms, ttl: 250, size: 28 },
      ),
    }));
    const ends = { from: '192.0.2.7', dst_name: run.target, dst_addr: run.target };
    const result = { fw: 5080, prb_id: 17, type: 'traceroute', timestamp: run.startedAt, ...ends };
    const value = { ...result, proto: 'UDP', result: hops };
    return `${JSON.stringify(random() < 0.5 ? [value] : { count: 1, results: [value] })}\n`;
  },
};

const globalping: ToolWriter = {
  ...{ name: 'Globalping measurement', hosts: 1, probes: 3, decimals: 3, isDated: true },
  write(run) {
    const hops = run.hops.map((hop) => ({
      asn: [],
      resolvedAddress: hostOf(hop),
      resolvedHostname: hostOf(hop),
      timings: hop.map((reply) => ({ rtt: reply?.ms ?? null })),
    }));
    const result = { status: 'finished', resolvedAddress: run.target, hops };
    const createdAt = isoTime(run.startedAt);
    const probe = { city: 'Lisbon', country: 'PT', asn: 64_500 };
    return JSON.stringify({
      type: 'mtr',
      target: run.target,
      createdAt,
      results: [{ probe, result }],
    });
  },
};

const trippy: ToolWriter = {
  ...{ name: 'trip --mode json', hosts: 1, probes: 10, decimals: 2, isDated: true },
  write(run, random) {
    const hops = run.hops.map((hop, index) => {
      const [address, { loss, sent, last, avg, best, worst }] = [hostOf(hop), columnsOf(hop)];
      const host =
        address === null ? [] : [{ ip: address, hostname: nameOfHost(address) ?? address }];
      const fixed = { loss_pct: loss, last, avg, best, worst, stddev: 0.1 };
      const texts = Object.entries(fixed).map(([key, value]) => [key, value.toFixed(2)]);
      const recv = repliesByAddress(hop).get(address ?? '')?.length ?? 0;
      return { ttl: index + 1, hosts: host, sent, recv, ...Object.fromEntries(texts) };
    });
    const info = {
      target: { ip: run.target, hostname: run.target },
      start_timestamp: isoTime(run.startedAt),
    };
    return `${JSON.stringify({ info, hops }, null, pick(indents, random))}\n`;
  },
};

const nextTrace: ToolWriter = {
  ...{ name: 'nexttrace --json', hosts: 3, probes: 3, decimals: 3, isDated: false },
  write(run) {
    const hops = run.hops.map((hop, index) =>
      hop.map((reply) => ({
        Success: reply !== null,
        Address: reply === null ? null : { IP: reply.address, Zone: '' },
        Hostname: reply === null ? '' : (nameOfHost(reply.address) ?? ''),
        TTL: index + 1,
        RTT: Math.round((reply?.ms ?? 0) * 1_000_000),
      })),
    );
    return JSON.stringify({ Hops: hops, TraceMapUrl: '' });
  },
};

/** Every format that an import reads. */
export const toolWriters: readonly ToolWriter[] = [
  mtrJson,
  mtrReport,
  mtrXml,
  mtrCsv,
  mtrRaw,
  traceroute,
  tracepath,
  pschedulerJson,
  pschedulerText,
  opensearch,
  esmond,
  scamper,
  atlas,
  globalping,
  trippy,
  nextTrace,
];
