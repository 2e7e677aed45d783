import type { ProbePlan } from '../types.ts';

/**
 * mtr's arguments for probing an address. `--raw` is the output that keeps every host of a hop and every reply; names are
 * looked up elsewhere (`-n`), so that a slow resolver does not bend the measurement.
 */
export function mtrArguments(address: string, plan: ProbePlan): string[] {
  const { protocol, port, packets, packetBytes, maxTtl, probeIntervalSeconds } = plan;
  return [
    '--raw',
    '-n',
    address.includes(':') ? '-6' : '-4',
    ...(protocol === 'udp' ? ['-u'] : protocol === 'tcp' ? ['-T'] : []),
    ...(port === null ? [] : ['-P', String(port)]),
    ...['-c', String(packets), '-m', String(maxTtl), '-i', String(probeIntervalSeconds)],
    ...(packetBytes === null ? [] : ['-s', String(packetBytes)]),
    '--',
    address,
  ];
}

/** mtr waits 5 s for late replies and keeps sockets of tcp probes for 10 s. */
const graceSeconds = 15;
const slackSeconds = 15;

/** How long mtr may take at most: in its first round it sends to ten hops in one interval. */
export function mtrLimitSeconds({ packets, maxTtl, probeIntervalSeconds }: ProbePlan): number {
  const rounds = packets + maxTtl / 10;
  return Math.ceil(rounds * probeIntervalSeconds) + graceSeconds + slackSeconds;
}

/** Where administrators' programs are; the path of cron lacks them, and mtr is among them on some systems. */
const adminPath = '/usr/local/sbin:/usr/sbin:/sbin';

/**
 * The environment of mtr: its messages in English, and nothing that could add options (`MTR_OPTIONS`). `MTR_PACKET` names the
 * program that sends the probes.
 */
export function mtrEnvironment(
  inherited: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const { PATH, MTR_PACKET } = inherited;
  const path = PATH === undefined || PATH === '' ? '/usr/local/bin:/usr/bin:/bin' : PATH;
  const environment = { PATH: `${path}:${adminPath}`, LC_ALL: 'C' };
  return MTR_PACKET === undefined ? environment : { ...environment, MTR_PACKET };
}
