import { expect, test } from 'vitest';
import { createLocalRun, type LocalRunFacts } from '../../../../src/sources/mtr/localRun.ts';
import type { RunDocument } from '../../../../src/sources/mtr/runDocument.ts';

function document(...addresses: (string | null)[]): RunDocument {
  const times = { bestMs: 1, avgMs: 1, worstMs: 1, stdevMs: null, jitterMs: null };
  return {
    ...{ tool: 'mtr', source: null, destination: null, destinationAddress: null },
    ...{
      startedAt: null,
      reached: null,
      mayBeCut: false,
      pathMtu: null,
      packetBytes: null,
      protocol: null,
    },
    hops: addresses.map((address, index) => ({
      ...{ ttl: index + 1, sent: 3, mtu: null, error: null },
      answers: address === null ? [] : [{ address, name: null, asn: null, received: 3, ...times }],
    })),
  };
}

function facts(settings: Partial<LocalRunFacts> = {}): LocalRunFacts {
  return {
    source: { address: '198.51.100.9', name: 'probe.example.net' },
    destination: { address: '192.0.2.1', name: null },
    ...{ startedAt: 1_795_200_000, family: 4, protocol: 'icmp', port: null },
    ...{ packetBytes: null, label: 'Hamburg' },
    ...settings,
  };
}

const run = (made: ReturnType<typeof createLocalRun>) => {
  if (typeof made === 'string') throw new Error(made);
  return made;
};

test('an ICMP error of this host to itself is not a hop', () => {
  const made = run(createLocalRun(document('198.51.100.9'), facts(), (route) => route));
  expect(made.trace).toBeNull();
  expect(made.failure?.error).toBe('no replies, not even from the first router');
});

test('this host as its own target is a hop', () => {
  const own = facts({ destination: { address: '198.51.100.9', name: null } });
  const made = run(createLocalRun(document('198.51.100.9'), own, (route) => route));
  expect(made.trace?.route.reached).toBe(true);
});

test('the label of a target is the name of its test', () => {
  const made = run(createLocalRun(document('192.0.2.1'), facts(), (route) => route));
  expect(made.test.taskName).toBe('Hamburg');
});

test('the key of a test separates all its parts', () => {
  const odd = facts({ destination: { address: null, name: 'a","b' }, protocol: 'tcp', port: 80 });
  const made = run(createLocalRun(document('192.0.2.1'), odd, (route) => route));
  expect(JSON.parse(made.test.key)).toEqual(['mtr', 'probe.example.net', 'a","b', 4, 'tcp', 80]);
  expect(made.test.id).toMatch(/^probe\.example\.net_unknown_mtr_[0-9a-f]{12}$/);
});

test('the longest names fit into a file name', () => {
  const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.example.net`;
  const made = run(
    createLocalRun(
      document('192.0.2.1'),
      facts({ destination: { address: null, name: long } }),
      (r) => r,
    ),
  );
  expect(made.test.id.length).toBeLessThan(200);
});
