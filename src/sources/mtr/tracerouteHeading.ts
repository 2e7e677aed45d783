import type { ProbeProtocol } from '../../model/test/test.ts';
import { responderAddress } from '../probeValues.ts';
import { protocolOf } from '../results/resultFormat.ts';
import type { TraceTool } from './runDocument.ts';

/** The facts in a heading; null for unknown. */
export interface TracerouteHeading {
  readonly tool: TraceTool;
  readonly source: string | null;
  readonly destination: string;
  readonly destinationAddress: string | null;
  readonly packetBytes: string | null;
  readonly protocol: ProbeProtocol | null;
  /** Largest ttl; 0 for unknown. */
  readonly maxHops: number;
}

/** A form of the heading. The groups `to`, `address`, `from` and `protocol` have its parts. */
interface HeadingForm {
  readonly tool: TraceTool;
  readonly pattern: RegExp;
}

const forms: readonly HeadingForm[] = [
  {
    // Linux, BSD, macOS, inetutils, busybox, JUNOS, SR OS, NX-OS, HP and Huawei.
    tool: 'traceroute',
    pattern:
      /^ ?traceroute6? to +(?<to>[^\s,(]+),?(?: ?\((?<address>[^()]+)\))?(?: from (?<from>[^\s,]+))?(?=[\s,]|$)/,
  },
  {
    // scamper's text.
    tool: 'scamper',
    pattern: /^traceroute from (?<from>[\d.:a-fA-F]+) to (?<to>[\d.:a-fA-F]+)$/,
  },
  {
    tool: 'paris-traceroute',
    pattern:
      /^traceroute \[\((?<from>\S+):\d+\) -> \((?<to>\S+):\d+\)\], protocol (?<protocol>[a-z]+), algo hopbyhop/,
  },
  {
    // libparistraceroute.
    tool: 'paris-traceroute',
    pattern: /^paris-traceroute to (?<to>\S+) \((?<address>[^()]+)\),/,
  },
  {
    // IOS.
    tool: 'traceroute',
    pattern: /^Tracing the route to (?<to>\S+)(?: \((?<address>[^()]+)\))?\s*$/,
  },
  {
    tool: 'traceroute',
    pattern:
      /^Tracing the path to (?<to>\S+)(?: \((?<address>[^()]+)\))? on (?<protocol>TCP) port \d+/,
  },
];

/** Parses a heading; null for any other line. */
export function parseTracerouteHeading(text: string): TracerouteHeading | null {
  for (const { tool, pattern } of forms) {
    const { to, address, from, protocol } = pattern.exec(text)?.groups ?? {};
    if (to === undefined) continue;
    return {
      tool,
      source: from ?? null,
      destination: to,
      destinationAddress: responderAddress(address ?? to),
      packetBytes: numberIn(text, /(\d+) bytes? (?:each )?packet|packet length: (\d+)/),
      protocol: protocolOf(protocol),
      maxHops: Number(numberIn(text, /(\d+) hops (?:max|at most)|max hops: (\d+)/)),
    };
  }
  return null;
}

function numberIn(text: string, pattern: RegExp): string | null {
  const [, first, second] = pattern.exec(text) ?? [];
  return first ?? second ?? null;
}

/** Lines that programs print around their heading. */
const note =
  /^(?:traceroute6?: Warning: .* has multiple addresses; using |Type escape sequence to abort|Selected device \S+, address )/;

/** Whether a line before or behind the heading says nothing about the route. */
export function isHeadingNote(text: string): boolean {
  return note.test(text);
}

/** Whether a line between the heading and the first row says nothing about the route. */
export function isBelowHeading(text: string): boolean {
  return text.trim() === '' || /^VRF info: /.test(text);
}
