import { sites } from './data/hosts.ts';

/** Path of the template on the archive's server. */
export const templatePath = '/psconfig/demo.json';

/**
 * The psConfig template of the demo mesh: names, regions, and a full mesh in each family. It
 * expects IPv6 at a site without it, so some of its tests have no results.
 */
export function demoTemplate(): object {
  const addresses = sites.map(({ host, displayName, region }) => [
    host,
    { address: host, tags: [region], _meta: { 'display-name': displayName } },
  ]);
  const members = sites.map(({ host }) => ({ name: host }));
  const task = (version: 4 | 6) => ({
    group: 'mesh',
    test: `trace-ipv${version}`,
    schedule: 'every-ten-minutes',
    reference: { 'display-task-name': `IPv${version} routes` },
  });
  const test = (version: 4 | 6) => ({
    type: 'trace',
    spec: { source: '{% address[0] %}', dest: '{% address[1] %}', 'ip-version': version },
  });
  return {
    _meta: { 'display-name': 'Demo mesh' },
    addresses: Object.fromEntries(addresses),
    groups: { mesh: { type: 'mesh', addresses: members } },
    schedules: { 'every-ten-minutes': { repeat: 'PT10M', slip: 'PT10M', sliprand: true } },
    tests: { 'trace-ipv4': test(4), 'trace-ipv6': test(6) },
    tasks: { 'trace-ipv4': task(4), 'trace-ipv6': task(6) },
  };
}
