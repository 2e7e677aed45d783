import { canonicalHostName } from '../../lib/hostName.ts';
import { canonicalAddress } from '../../lib/ip.ts';
import type { ProbeProtocol } from '../../model/test/test.ts';
import { parseWrittenTime } from './writtenTime.ts';

/** Facts about the runs of a file from its name; null for unknown. */
export interface FileNameFacts {
  readonly source: string | null;
  readonly destination: string | null;
  /** Epoch seconds. */
  readonly startedAt: number | null;
  readonly protocol: ProbeProtocol | null;
  readonly port: number | null;
}

const noFacts: FileNameFacts = {
  source: null,
  destination: null,
  startedAt: null,
  protocol: null,
  port: null,
};

/**
 * Parses the name of a file, without its folder, of the pattern
 *
 *     [[SOURCE_]DESTINATION_]TIME[_PROTOCOL[PORT]][.ENDING]
 *
 * such as `host-a_www.example.net_20261120T221417Z_tcp443.json`. Hosts are names or addresses, in
 * which `-` may replace the `:` of IPv6. The time is ISO 8601, basic or extended, in which `-` may
 * replace `:`, or epoch seconds; without a zone it is local time. Other names give no facts.
 */
export function parseRunFileName(name: string): FileNameFacts {
  const parts = name.split('_');
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const startedAt = parseWrittenTime(isLast ? part.replace(/\..*$/s, '') : part);
    if (startedAt === null) continue;
    const hosts = parts.slice(0, index).map(hostOf);
    const transport = parseTransport(parts.slice(index + 1));
    if (hosts.length > 2 || hosts.includes(null) || transport === null) return noFacts;
    const [destination = null, source = null] = hosts.reverse();
    return { source, destination, startedAt, ...transport };
  }
  return noFacts;
}

function hostOf(text: string): string | null {
  const address = canonicalAddress(text) ?? canonicalAddress(text.replaceAll('-', ':'));
  return address ?? canonicalHostName(text);
}

type FileNameTransport = Pick<FileNameFacts, 'protocol' | 'port'>;

function parseTransport(rest: readonly string[]): FileNameTransport | null {
  if (rest.length === 0) return { protocol: null, port: null };
  const [, protocol, digits = ''] = /^(icmp|udp|tcp)(\d{0,5})(\..*)?$/s.exec(rest[0] ?? '') ?? [];
  if (rest.length > 1 || protocol === undefined) return null;
  const port = digits === '' ? null : Number(digits);
  if (port !== null && (port < 1 || port > 65_535 || protocol === 'icmp')) return null;
  return { protocol: protocol as ProbeProtocol, port };
}
