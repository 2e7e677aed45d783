import { z } from 'zod';
import { isTooLong, parseDuration, tooLongHint } from '../../lib/duration.ts';
import { canonicalAddress } from '../../lib/ip.ts';
import { cleanText } from '../../lib/text.ts';
import { probeProtocols } from '../../model/test/test.ts';
import { familyOf } from '../../model/trace/addressKinds.ts';
import { defaultMonitorPlan, defaultTarget, type Target } from './target.ts';
import { readHost } from './targetHost.ts';

const between = (low: number, high: number) => {
  const error = `expected a whole number from ${low} to ${high}`;
  return z.int({ error }).min(low, { error }).max(high, { error });
};

/** A duration of at least `low` seconds, or `off` (null) if `allowsOff`. */
function duration(low: number, allowsOff: boolean) {
  const least = low < 1 ? `${low * 1000}ms` : `${low}s`;
  const expectation = `a duration of at least ${least}, such as "1s" or "5m"${allowsOff ? ', or "off"' : ''}`;
  return z.unknown().transform((value, context): number | null => {
    if (allowsOff && value === 'off') return null;
    const seconds = parseDuration(value);
    if (seconds !== null && seconds >= low) return seconds;
    const message = isTooLong(value) ? tooLongHint : `expected ${expectation}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

const text = z.string({ error: 'expected text in quotes' }).transform((value) => cleanText(value));
const port = between(1, 65_535);
const portList = z
  .array(port, { error: 'expected a list of port numbers, such as [80, 443]' })
  .max(100, { error: 'expected at most 100 ports' });

const host = z
  .string({ error: 'expected a host name or an address in quotes' })
  .transform((value, context): string => {
    const read = readHost(value);
    if ('host' in read) return read.host;
    context.addIssue({ code: 'custom', message: read.fault.replace(/, found .*$/s, '') });
    return z.NEVER;
  });

const settings = {
  group: text.optional(),
  family: z
    .union([z.literal(4), z.literal(6), z.literal('both')], { error: 'expected 4, 6 or "both"' })
    .optional(),
  protocol: z.enum(probeProtocols, { error: 'expected "icmp", "udp" or "tcp"' }).optional(),
  port: port.optional(),
  packets: between(1, 1000).optional(),
  size: between(28, 9000).optional(),
  max_ttl: between(1, 255).optional(),
  probe_interval: duration(0.01, false).optional(),
  interval: duration(0.05, true).optional(),
  ping_interval: duration(0.05, true).optional(),
  pings: between(1, 1000).optional(),
  ping_payload: between(0, 65_000).optional(),
  scan_interval: duration(0.05, true).optional(),
  scan_ports: portList.optional(),
};

const defaults = z.strictObject(settings, { error: 'expected a [defaults] table' });
const target = z.strictObject(
  { host, label: text.optional(), ...settings },
  { error: 'expected [[target]] blocks, each with a host' },
);

type TargetSettings = z.output<typeof defaults>;
type TargetTable = z.output<typeof target>;

/**
 * A targets file as written: names and units. The schema refuses unknown keys and requires only
 * `host`.
 */
export const targetsSchema = z
  .strictObject({
    defaults: defaults.prefault({}),
    target: z.array(target, { error: 'expected [[target]] blocks' }).default([]),
  })
  .superRefine(({ defaults: common, target: tables }, context) => {
    tables.forEach((table, index) => {
      const conflict = findConflict(completeTarget(table, common));
      if (conflict === null) return;
      const path = ['target', index, conflict.key];
      context.addIssue({ code: 'custom', path, message: conflict.message });
    });
  });

/** The targets of a file with all defaults. */
export function targetsOf({ defaults: common, target: tables }: z.output<typeof targetsSchema>) {
  return tables.map((table) => completeTarget(table, common));
}

function completeTarget(
  { host, label, ...overrides }: TargetTable,
  common: TargetSettings,
): Target {
  const plain = defaultTarget(host);
  const set: TargetSettings = { ...common, ...overrides };
  const protocol = set.protocol ?? plain.protocol;
  return {
    host,
    label: label ?? null,
    group: set.group ?? null,
    family: set.family ?? null,
    protocol,
    // A port of the defaults applies only to targets whose protocol has ports.
    port: protocol === 'icmp' ? (overrides.port ?? null) : (set.port ?? null),
    packets: set.packets ?? plain.packets,
    packetBytes: set.size ?? null,
    maxTtl: set.max_ttl ?? plain.maxTtl,
    probeIntervalSeconds: set.probe_interval ?? plain.probeIntervalSeconds,
    monitor: monitorPlanOf(set),
  };
}

function monitorPlanOf(set: TargetSettings): Target['monitor'] {
  const plain = defaultMonitorPlan;
  return {
    ...plain,
    // null ("off") is a value.
    tracePauseSeconds: set.interval === undefined ? plain.tracePauseSeconds : set.interval,
    pingPauseSeconds: set.ping_interval ?? null,
    pings: set.pings ?? plain.pings,
    payloadBytes: set.ping_payload ?? plain.payloadBytes,
    scanPauseSeconds: set.scan_interval ?? null,
    scanPorts: set.scan_ports ?? plain.scanPorts,
  };
}

/** A conflict between settings, and the key to report; null without one. */
function findConflict({ host, family, protocol, port }: Target) {
  if (protocol === 'icmp' && port !== null) {
    return { key: 'port', message: 'icmp has no ports; set protocol to "tcp" or "udp"' };
  }
  if (protocol === 'tcp' && port === null) {
    return { key: 'protocol', message: 'tcp requires a port, such as port = 443' };
  }
  const address = canonicalAddress(host);
  if (address !== null && family !== null && family !== familyOf(address)) {
    return { key: 'family', message: `the host is an IPv${familyOf(address)} address` };
  }
  return null;
}
