import assert from 'node:assert/strict';
import type { Network } from './network.ts';
import type { Observation, Observer, TestData, Tool } from './observer.ts';

/** A step of the scenario. `play` throws if pstrace shows anything unexpected. */
export interface Step {
  readonly title: string;
  play(network: Network, observer: Observer): Promise<void>;
}

const tools: readonly Tool[] = ['mtr', 'traceroute', 'tracepath'];
const usual = ['192.0.2.1', '198.51.100.2', '203.0.113.2', '203.0.113.10', '203.0.113.18'];
const backupRoute = ['192.0.2.1', '198.51.100.6', '203.0.113.6', '203.0.113.14', '203.0.113.18'];

/** Time between two faults, long enough to make them separate incidents. */
const pauseHours = 8;

/** All steps, in order. Each change causes one alert, and each recovery one more mail. */
export const scenario: readonly Step[] = [
  {
    title: 'no faults: the three tools find the route over r2 in two ASes; no mail',
    async play(_, observer) {
      const seen = await observer.observe(30);
      for (const tool of tools) {
        assert.deepEqual(addresses(seen.tests[tool]), usual, tool);
        assert.deepEqual(seen.tests[tool].routePeriods.at(-1)?.asPath, [64500, 64501], tool);
        assert.equal(seen.tests[tool].traces, 30, tool);
      }
      assert.equal(seen.tests.tracepath.latest.pathMtu, 1500);
      assertStates(seen, 'ok');
      assertQuiet(seen);
    },
  },
  {
    title: 'a router stops answering: its hop is silent, which is not a change',
    async play(network, observer) {
      await network.setReplies(false);
      const seen = await observer.observe(6);
      const silent = usual.with(2, '');
      for (const tool of tools) assert.deepEqual(addresses(seen.tests[tool]), silent, tool);
      assertStates(seen, 'ok');
      assertQuiet(seen);
      await network.setReplies(true);
    },
  },
  {
    title: 'packets take r3: one alert about the route change of all three tests',
    async play(network, observer) {
      await network.routeOver('r3');
      const seen = await observer.observe(7);
      for (const tool of tools) assert.deepEqual(addresses(seen.tests[tool]), backupRoute, tool);
      assertStates(seen, 'changed');
      assertChanges(seen, 'intra_as', tools);
      const mail = assertAlert(seen, /route changed/);
      assert.match(mail, /203\.0\.113\.6/);
      assert.ok(seen.linked.some((path) => /^routes\/.*\.svg$/.test(path)));
    },
  },
  {
    title: 'packets take r2 again: one mail about the recovery',
    async play(network, observer) {
      await network.routeOver('r2');
      const seen = await observer.observe(7);
      for (const tool of tools) assert.deepEqual(addresses(seen.tests[tool]), usual, tool);
      assertStates(seen, 'ok');
      assertRecovery(seen);
    },
  },
  {
    title: 'the link from r4 to r6 fails: one alert about the unreachable target',
    async play(network, observer) {
      observer.skip(pauseHours);
      await network.setLink(false);
      const seen = await observer.observe(6);
      for (const tool of tools) assert.equal(seen.tests[tool].latest.reached, false, tool);
      assertStates(seen, 'unreached');
      assertChanges(seen, 'unreachable', tools);
      assertAlert(seen, /unreachable/);
    },
  },
  {
    title: 'the link is up again: one mail about the recovery',
    async play(network, observer) {
      await network.setLink(true);
      const seen = await observer.observe(12);
      for (const tool of tools) assert.deepEqual(addresses(seen.tests[tool]), usual, tool);
      assertRecovery(seen);
    },
  },
  {
    title: 'the wire adds 40 ms: one alert about the round-trip time on the same route',
    async play(network, observer) {
      observer.skip(pauseHours);
      network.wire.set(40, 0);
      const seen = await observer.observe(9);
      for (const tool of tools) {
        assert.deepEqual(addresses(seen.tests[tool]), usual, tool);
        assert.ok((seen.tests[tool].rttMs ?? 0) > 35, tool);
      }
      assertStates(seen, 'degraded');
      assertChanges(seen, 'rtt_shift', tools);
      assertAlert(seen, /RTT/);
      network.wire.set(0, 0);
      const after = await observer.observe(8);
      assert.ok((after.tests.mtr.rttMs ?? 40) < 35);
      assertRecovery(after);
    },
  },
  {
    title: 'the MTU falls to 1400: tracepath finds it, one alert',
    async play(network, observer) {
      observer.skip(pauseHours);
      await network.setMtu(1400);
      const seen = await observer.observe(7);
      assert.equal(seen.tests.tracepath.latest.pathMtu, 1400);
      for (const tool of tools) assert.deepEqual(addresses(seen.tests[tool]), usual, tool);
      assertChanges(seen, 'mtu_drop', ['tracepath']);
      assertAlert(seen, /MTU/);
      await network.setMtu(1500);
      const after = await observer.observe(6);
      assert.equal(after.tests.tracepath.latest.pathMtu, 1500);
      assertRecovery(after);
    },
  },
  {
    title: 'the wire loses 30 % of packets: mtr finds it, one alert',
    async play(network, observer) {
      observer.skip(pauseHours);
      network.wire.set(0, 0.3);
      // Loss is random: some runs lose nothing.
      const seen = await observer.observe(16);
      assert.equal(seen.tests.mtr.state, 'degraded');
      assert.equal(seen.tests.mtr.latest.reached, true);
      assertChanges(seen, 'loss', ['mtr']);
      assertAlert(seen, /loss/i);
      network.wire.set(0, 0);
      assertRecovery(await observer.observe(34));
    },
  },
];

/** The first address at each hop; '' for a silent hop. */
function addresses({ latest }: TestData): string[] {
  const hops = new Map(latest.hops.toReversed().map(({ ttl, address }) => [ttl, address ?? '']));
  return [...hops].sort(([a], [b]) => a - b).map(([, address]) => address);
}

function assertStates({ tests }: Observation, state: string): void {
  for (const tool of tools) assert.equal(tests[tool].state, state, tool);
}

/** Asserts that exactly these tests have a change of a class. */
function assertChanges(
  { changes, tests }: Observation,
  changeClass: string,
  changedTools: readonly Tool[],
): void {
  const found = changes.filter((change) => change.class === changeClass);
  const expected = changedTools.map((tool) => tests[tool].test.id);
  assert.deepEqual(found.map(({ testId }) => testId).sort(), expected.toSorted());
}

function assertQuiet({ changes, mails }: Observation): void {
  assert.deepEqual(changes, []);
  assert.deepEqual(mails, []);
}

/** Asserts that there is one mail, an alert with a matching subject. Returns its text. */
function assertAlert({ mails }: Observation, subject: RegExp): string {
  assert.equal(mails.length, 1, `one alert, not: ${subjects(mails)}`);
  const [mail] = mails;
  assert.match(mail?.subject ?? '', subject);
  assert.doesNotMatch(mail?.subject ?? '', /recovered/);
  return mail?.text ?? '';
}

/** Asserts that there is one mail, about a recovery. */
function assertRecovery({ mails }: Observation): void {
  assert.equal(mails.length, 1, `one mail, not: ${subjects(mails)}`);
  assert.match(mails[0]?.subject ?? '', /recovered/);
}

function subjects(mails: Observation['mails']): string {
  return mails.map(({ subject }) => subject).join('; ') || 'none';
}
