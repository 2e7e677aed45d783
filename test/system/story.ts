import assert from 'node:assert/strict';
import type { Network } from './network.ts';
import type { Observer, Seen, TestData, Tool } from './observer.ts';

/** What a step of the story is called, and what happens in it. Throws where pstrace shows anything else than it should. */
export interface Step {
  readonly title: string;
  play(network: Network, observer: Observer): Promise<void>;
}

const tools: readonly Tool[] = ['mtr', 'traceroute', 'tracepath'];
const usual = ['192.0.2.1', '198.51.100.2', '203.0.113.2', '203.0.113.10', '203.0.113.18'];
const detour = ['192.0.2.1', '198.51.100.6', '203.0.113.6', '203.0.113.14', '203.0.113.18'];

/** Between two chapters passes so much time that nobody takes the second for a part of the first. */
const restHours = 8;

/** Everything that happens, in order: each change has one alert, and each end of one has one more mail. */
export const story: readonly Step[] = [
  {
    title: 'all is well: the three tools see the route by r2, in two ASes, and nobody gets mail',
    async play(_, observer) {
      const seen = await observer.look(30);
      for (const tool of tools) {
        assert.deepEqual(addresses(seen.tests[tool]), usual, tool);
        assert.deepEqual(seen.tests[tool].routePeriods.at(-1)?.asPath, [64500, 64501], tool);
        assert.equal(seen.tests[tool].traces, 30, tool);
      }
      assert.equal(seen.tests.tracepath.latest.pathMtu, 1500);
      allAre(seen, 'ok');
      nothingTold(seen);
    },
  },
  {
    title: 'a router stops answering: its hop is silent, and that is no change',
    async play(network, observer) {
      await network.answer(false);
      const seen = await observer.look(6);
      const silent = usual.with(2, '');
      for (const tool of tools) assert.deepEqual(addresses(seen.tests[tool]), silent, tool);
      allAre(seen, 'ok');
      nothingTold(seen);
      await network.answer(true);
    },
  },
  {
    title: 'packets go by r3: the route has changed, and one alert tells of all three tests',
    async play(network, observer) {
      await network.goBy('r3');
      const seen = await observer.look(7);
      for (const tool of tools) assert.deepEqual(addresses(seen.tests[tool]), detour, tool);
      allAre(seen, 'changed');
      told(seen, 'intra_as', tools);
      const mail = alert(seen, /route changed/);
      assert.match(mail, /203\.0\.113\.6/);
      assert.ok(seen.linked.some((path) => /^routes\/.*\.svg$/.test(path)));
    },
  },
  {
    title: 'they go by r2 again: one mail says that it is over',
    async play(network, observer) {
      await network.goBy('r2');
      const seen = await observer.look(7);
      for (const tool of tools) assert.deepEqual(addresses(seen.tests[tool]), usual, tool);
      allAre(seen, 'ok');
      end(seen);
    },
  },
  {
    title: 'the link from r4 to r6 fails: the target is not reached, and one alert tells so',
    async play(network, observer) {
      observer.rest(restHours);
      await network.join(false);
      const seen = await observer.look(6);
      for (const tool of tools) assert.equal(seen.tests[tool].latest.reached, false, tool);
      allAre(seen, 'unreached');
      told(seen, 'unreachable', tools);
      alert(seen, /unreachable/);
    },
  },
  {
    title: 'the link heals: the target is reached again, and one mail says so',
    async play(network, observer) {
      await network.join(true);
      const seen = await observer.look(12);
      for (const tool of tools) assert.deepEqual(addresses(seen.tests[tool]), usual, tool);
      end(seen);
    },
  },
  {
    title: 'the wire takes 40 ms more: round-trip times have risen on the same route, one alert',
    async play(network, observer) {
      observer.rest(restHours);
      network.wire.set(40, 0);
      const seen = await observer.look(9);
      for (const tool of tools) {
        assert.deepEqual(addresses(seen.tests[tool]), usual, tool);
        assert.ok((seen.tests[tool].rttMs ?? 0) > 35, tool);
      }
      allAre(seen, 'degraded');
      told(seen, 'rtt_shift', tools);
      alert(seen, /RTT/);
      network.wire.set(0, 0);
      const after = await observer.look(8);
      assert.ok((after.tests.mtr.rttMs ?? 40) < 35);
      end(after);
    },
  },
  {
    title: 'the MTU falls to 1400: tracepath finds it, and one alert tells so',
    async play(network, observer) {
      observer.rest(restHours);
      await network.limit(1400);
      const seen = await observer.look(7);
      assert.equal(seen.tests.tracepath.latest.pathMtu, 1400);
      for (const tool of tools) assert.deepEqual(addresses(seen.tests[tool]), usual, tool);
      told(seen, 'mtu_drop', ['tracepath']);
      alert(seen, /MTU/);
      await network.limit(1500);
      const after = await observer.look(6);
      assert.equal(after.tests.tracepath.latest.pathMtu, 1500);
      end(after);
    },
  },
  {
    title: 'the wire loses three packets of ten: run after run of mtr shows it, one alert',
    async play(network, observer) {
      observer.rest(restHours);
      network.wire.set(0, 0.3);
      // Lost by chance: some runs lose nothing.
      const seen = await observer.look(16);
      assert.equal(seen.tests.mtr.state, 'degraded');
      assert.equal(seen.tests.mtr.latest.reached, true);
      told(seen, 'loss', ['mtr']);
      alert(seen, /loss/i);
      network.wire.set(0, 0);
      end(await observer.look(34));
    },
  },
];

/** What answered at each hop, the first of several; '' for a silent one. */
function addresses({ latest }: TestData): string[] {
  const hops = new Map(latest.hops.toReversed().map(({ ttl, address }) => [ttl, address ?? '']));
  return [...hops].sort(([a], [b]) => a - b).map(([, address]) => address);
}

function allAre({ tests }: Seen, state: string): void {
  for (const tool of tools) assert.equal(tests[tool].state, state, tool);
}

/** Changes of exactly these tests were found, all of one class. */
function told({ changes, tests }: Seen, changeClass: string, by: readonly Tool[]): void {
  const found = changes.filter((change) => change.class === changeClass);
  const expected = by.map((tool) => tests[tool].test.id);
  assert.deepEqual(found.map(({ testId }) => testId).sort(), expected.toSorted());
}

function nothingTold({ changes, mails }: Seen): void {
  assert.deepEqual(changes, []);
  assert.deepEqual(mails, []);
}

/** The text of the one mail there is, an alert with such a subject. */
function alert({ mails }: Seen, subject: RegExp): string {
  assert.equal(mails.length, 1, `one alert, not: ${subjects(mails)}`);
  const [mail] = mails;
  assert.match(mail?.subject ?? '', subject);
  assert.doesNotMatch(mail?.subject ?? '', /recovered/);
  return mail?.text ?? '';
}

/** One mail tells that what was told of before is over. */
function end({ mails }: Seen): void {
  assert.equal(mails.length, 1, `one mail, not: ${subjects(mails)}`);
  assert.match(mails[0]?.subject ?? '', /recovered/);
}

function subjects(mails: Seen['mails']): string {
  return mails.map(({ subject }) => subject).join('; ') || 'none';
}
