import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../../src/store/open.ts';
import { type FakeTest, hop, metadata } from '../../../helpers/fakeArchive.ts';
import { mtrCsv } from '../../../helpers/mtrCsv.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { place, pstrace } from '../../cli/command.ts';
import { keyOf, now, serve } from '../mesh.ts';

/** A test from ps-`number` whose last six of 46 traces take 60 ms to the destination, the others 10 ms. */
function slowedTest(number: number): FakeTest {
  const results = Array.from({ length: 46 }, (_, index) => ({
    ts: now - 600 * (46 - index),
    val: [
      hop(1, '198.51.100.1', 1),
      hop(2, '198.51.100.2', 2),
      hop(3, '203.0.113.9', index < 40 ? 10 : 60),
    ],
  }));
  return {
    metadata: metadata({
      'metadata-key': keyOf(number),
      source: `192.0.2.${number}`,
      'input-source': `ps-${number}.example.net`,
    }),
    results: { 'packet-trace': results },
  };
}

/**
 * What is broken after a run over six such tests and one of mtr which loses a tenth, in its last 18 runs `lossAtLast` percent:
 * `ps-1.example.net: at most 50 ms, 60 ms`.
 */
async function broken(policies: string, lossAtLast = '10.00'): Promise<string[]> {
  const here = place(`[http]\nretries = 0\n${policies}`);
  const runs = Array.from({ length: 60 }, (_, index) => now - 300 * (60 - index));
  const file = join(tempDir(), 'runs.csv');
  const last = mtrCsv(...runs.slice(-18)).replaceAll(',10.00,10,', `,${lossAtLast},10,`);
  writeFileSync(file, mtrCsv(...runs.slice(0, -18)) + last);
  await pstrace('import', file, '--source', 'probe.example.org', ...here.options.slice(2));
  const { base } = await serve([1, 2, 3, 4, 5, 6].map(slowedTest));
  const { code, stderr } = await pstrace(base, '24h', ...here.options);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const store = openStore(here.state, now, 'read');
  onTestFinished(() => store.close());
  const names = new Map(store.tests().map(({ id, source }) => [id, source.name]));
  return store.changes
    .since(0)
    .flatMap(({ change }) =>
      change.policy === undefined
        ? []
        : [`${names.get(change.testId)}: ${change.policy.expected}, ${change.policy.found}`],
    )
    .sort();
}

test('limits of round-trip time hold by default, group, name and id, fixed or relative to the usual value', async () => {
  const found = await broken(`
    [[policy]]
    max_rtt_ms = 50

    [[policy]]
    groups = "lenient"
    max_rtt_ms = { over_usual_pct = 100, floor = 60 }

    [[policy]]
    groups = "strict"
    max_rtt_ms = { over_usual_pct = 100, floor = 20 }

    [[policy]]
    tests = "ps-4.* > 203.0.113.9"
    max_rtt_ms = "off"

    [[policy]]
    tests = "192.0.2.5_203.0.113.9_traceroute_*"
    max_rtt_ms = 59.5

    [[group]]
    name = "lenient"
    tests = ["ps-2.*", "ps-4.*"]

    [[group]]
    name = "strict"
    tests = "ps-3.* > *"
  `);
  expect(found).toEqual([
    'ps-1.example.net: at most 50 ms, 60 ms',
    'ps-3.example.net: at most 30 ms, 60 ms',
    'ps-5.example.net: at most 59.5 ms, 60 ms',
    'ps-6.example.net: at most 50 ms, 60 ms',
  ]);
});

test('of two rules that fit a test equally the later one holds, and a narrow rule before a wide one', async () => {
  const found = await broken(`
    [[policy]]
    tests = "ps-1.*"
    max_rtt_ms = 20
    [[policy]]
    tests = "ps-1.*"
    max_rtt_ms = 100
    [[policy]]
    tests = "ps-2.*"
    max_rtt_ms = 40
    [[policy]]
    max_rtt_ms = 70
  `);
  expect(found).toEqual(['ps-2.example.net: at most 40 ms, 60 ms']);
});

test('limits of loss hold for what mtr measures too', async () => {
  const found = await broken(`
    [[policy]]
    tests = "probe.example.org > *"
    max_loss_pct = 2
    [[policy]]
    groups = "archive"
    max_loss_pct = 0
    [[group]]
    name = "archive"
    tests = "ps-*"
  `);
  expect(found).toEqual(['probe.example.org: at most 2% loss, 10% of 180 probes lost']);
});

test('limits of loss relative to the usual loss ignore a test that always loses as much', async () => {
  const policy = '[[policy]]\nmax_loss_pct = { over_usual_pct = 20, floor = 2 }\n';
  expect(await broken(policy)).toEqual([]);
  expect(await broken(policy, '40.00')).toEqual([
    'probe.example.org: at most 12% loss, 40% of 180 probes lost',
  ]);
});
