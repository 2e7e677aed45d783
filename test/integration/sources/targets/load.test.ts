import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadTargets, parseTargets } from '../../../../src/sources/targets/loadTargets.ts';
import { tempDir } from '../../../helpers/tempDir.ts';

const parse = (source: string) => parseTargets(source, 'targets.toml');
const messages = (source: string) => parse(source).faults.map(({ message }) => message);

test('a target requires only a host', () => {
  expect(parse('[[target]]\nhost = "WWW.Example.net."\n')).toEqual({
    targets: [
      {
        host: 'www.example.net',
        ...{ label: null, group: null, family: null, protocol: 'icmp', port: null },
        ...{ packets: 10, packetBytes: null, maxTtl: 30, probeIntervalSeconds: 1 },
        monitor: {
          ...{ tracePauseSeconds: 300, pingPauseSeconds: null, pings: 10, payloadBytes: 41 },
          pingIntervalSeconds: 0.2,
          ...{ scanPauseSeconds: null, scanPorts: [80, 443], json: null, timestamp: null },
        },
      },
    ],
    faults: [],
    isEmpty: false,
  });
});

test('a target has its own values, else those of the defaults', () => {
  const { targets, faults } = parse(`
[defaults]
group = "core"
protocol = "tcp"
port = 443
packets = 20
probe_interval = "500ms"

[[target]]
host = "192.0.2.1"
label = "Hamburg"

[[target]]
host = "2001:DB8:0::1"
protocol = "icmp"
group = "edge"
family = 6
size = 1400
max_ttl = 12
interval = "off"
ping_interval = 0.5
pings = 5
ping_payload = 0
scan_interval = "1m"
scan_ports = [22]
`);
  expect(faults).toEqual([]);
  expect(targets[0]).toMatchObject({
    ...{ host: '192.0.2.1', label: 'Hamburg', group: 'core', protocol: 'tcp', port: 443 },
    ...{ packets: 20, probeIntervalSeconds: 0.5, monitor: { tracePauseSeconds: 300 } },
  });
  expect(targets[1]).toMatchObject({
    ...{ host: '2001:db8::1', label: null, group: 'edge', family: 6, protocol: 'icmp', port: null },
    ...{ packets: 20, packetBytes: 1400, maxTtl: 12 },
    monitor: {
      ...{ tracePauseSeconds: null, pingPauseSeconds: 0.5, pings: 5, payloadBytes: 0 },
      ...{ scanPauseSeconds: 60, scanPorts: [22] },
    },
  });
});

test('unknown keys are refused with their line and the most similar key', () => {
  expect(messages('[[target]]\nhost = "a"\npackts = 3\n[[targets]]\nhost = "b"\n')).toEqual([
    'targets.toml:3: unknown key target.packts; did you mean packets?',
    'targets.toml:4: unknown key targets; did you mean target?',
  ]);
  expect(messages('packets = 3\n[[target]]\nhost = "a"\n')).toEqual([
    'targets.toml:1: unknown key packets; did you mean packets under [defaults]?',
  ]);
});

test.each([
  ['host = "-f/etc/passwd"', 'target.host: a host cannot start with "-"'],
  ['host = "two words"', 'target.host: expected a host name or an address'],
  ['host = "fe80::1%eth0"', 'target.host: expected a host name or an address'],
  ['host = 4', 'target.host: expected a host name or an address in quotes, found 4'],
  ['label = "x"', 'target.host: expected a host name or an address in quotes, found nothing'],
  ['host = "a"\nfamily = 5', 'target.family: expected 4, 6 or "both", found 5'],
  [
    'host = "a"\nprotocol = "sctp"',
    'target.protocol: expected "icmp", "udp" or "tcp", found "sctp"',
  ],
  ['host = "a"\nprotocol = "tcp"', 'target.protocol: tcp requires a port, such as port = 443'],
  ['host = "a"\nport = 80', 'target.port: icmp has no ports'],
  ['host = "192.0.2.1"\nfamily = 6', 'target.family: the host is an IPv4 address, found 6'],
  ['host = "a"\npackets = 0', 'target.packets: expected a whole number from 1 to 1000, found 0'],
  ['host = "a"\nprobe_interval = "1ms"', 'expected a duration of at least 10ms'],
  ['host = "a"\ninterval = "often"', 'such as "1s" or "5m", or "off", found "often"'],
])('%j is refused: %s', (lines, message) => {
  const found = messages(`[[target]]\n${lines}\n`);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/^targets\.toml:[123]: /);
  expect(found[0]).toContain(message);
});

test('invalid TOML is refused with line and column', () => {
  expect(messages('[[target]]\nhost = "a\n')[0]).toMatch(/^targets\.toml:2:\d+: not valid TOML/);
});

test.each(['targets.toml', 'targets.txt'])('a file without targets (%s) is refused', (file) => {
  expect(parseTargets('# nothing\n', file).faults).toMatchObject([
    { kind: 'misconfigured', message: `${file}: the file has no targets` },
  ]);
});

test('an unreadable file is refused', () => {
  const file = join(tempDir(), 'targets.toml');
  expect(loadTargets(file).faults).toMatchObject([
    { message: expect.stringContaining('no such file'), subject: file },
  ]);
});

test('the example and the sample of pstrace are valid', () => {
  const conf = join(import.meta.dirname, '../../../../conf');
  expect(loadTargets(join(conf, 'targets-list.example')).faults).toEqual([]);
  const sample = loadTargets(join(conf, 'targets.example.toml'));
  expect(sample.faults.map(({ message }) => message)).toEqual([
    expect.stringContaining('the file has no targets'),
  ]);
});

test('every key of the sample is valid', () => {
  const sample = readFileSync(
    join(import.meta.dirname, '../../../../conf/targets.example.toml'),
    'utf8',
  );
  const { targets, faults } = parse(sample.replace(/^#(?=[[a-z])/gm, ''));
  expect(faults).toEqual([]);
  expect(targets).toHaveLength(1);
});

test.each(['/dev/zero', '/dev/urandom'])(
  'an endless file, %s, is refused in bounded memory',
  (file) => {
    const { targets, faults } = loadTargets(file);
    expect(targets).toEqual([]);
    expect(faults).toMatchObject([{ message: `${file} is larger than 32 MB.` }]);
  },
);
