import type { ProbePlan } from '../types.ts';

/**
 * mtr's arguments for probing an address. `--raw` reports every host of a hop and every reply. mtr
 * must not look up names (`-n`): a slow resolver would distort the measurement.
 */
export function mtrArguments(address: string, plan: ProbePlan): string[] {
  const { protocol, port, packets, packetBytes, maxTtl, probeIntervalSeconds, graceSeconds } = plan;
  return [
    '--raw',
    '-n',
    address.includes(':') ? '-6' : '-4',
    ...(protocol === 'udp' ? ['-u'] : protocol === 'tcp' ? ['-T'] : []),
    ...(port === null ? [] : ['-P', String(port)]),
    '-c',
    String(packets),
    '-m',
    String(maxTtl),
    '-i',
    String(probeIntervalSeconds),
    ...(packetBytes === null ? [] : ['-s', String(packetBytes)]),
    ...(graceSeconds === undefined ? [] : ['-G', String(graceSeconds)]),
    '--',
    address,
  ];
}

/** mtr waits 5 s for late replies, and 10 s for sockets of tcp probes. */
const longestGraceSeconds = 15;
const slackSeconds = 15;
const hopsPerInterval = 10;

/** Longest run of mtr. In its first round, mtr sends to ten hops per interval. */
export function mtrLimitSeconds({ packets, maxTtl, probeIntervalSeconds }: ProbePlan): number {
  const rounds = packets + maxTtl / hopsPerInterval;
  return Math.ceil(rounds * probeIntervalSeconds) + longestGraceSeconds + slackSeconds;
}

/** Folders of system programs, which cron's PATH lacks. Some systems install mtr there. */
const adminPath = '/usr/local/sbin:/usr/sbin:/sbin';

/**
 * The environment of mtr: messages in English, and no variable that could add options
 * (`MTR_OPTIONS`). `MTR_PACKET` names the program that sends the probes.
 */
export function mtrEnvironment(
  inherited: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const { PATH, MTR_PACKET } = inherited;
  const path = PATH === undefined || PATH === '' ? '/usr/local/bin:/usr/bin:/bin' : PATH;
  const environment = { PATH: `${path}:${adminPath}`, LC_ALL: 'C' };
  return MTR_PACKET === undefined ? environment : { ...environment, MTR_PACKET };
}
