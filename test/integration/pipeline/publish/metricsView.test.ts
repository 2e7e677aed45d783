import { expect, onTestFinished, test } from 'vitest';
import { parseConfig } from '../../../../src/config/load.ts';
import { publicStore } from '../../../../src/pipeline/publicStore.ts';
import { storeAsOf } from '../../../../src/pipeline/publish/pastStore.ts';
import { openStore } from '../../../../src/store/open.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { listedTest, midnight } from '../../store/samples.ts';

const today = midnight / 86_400;
const [source, destination] = ['192.0.2.10', '203.0.113.9'];

/** A store with one test, and the throughput of its pair on two days. */
function setUp() {
  const store = openStore(tempDir(), midnight);
  onTestFinished(() => store.close());
  const ends = { destination: { address: destination, name: 'ps2.example.net' } };
  store.upsertTests([listedTest('first', ends)], midnight);
  const throughput = {
    archive: 'ma.example.net',
    type: 'throughput' as const,
    key: 'k',
    source,
    destination,
    taskName: 'ps2 of the lab',
  };
  const figures = { runs: 4, failed: 0, median: 1e9, low: 1e8, high: 2e9, loss: null };
  for (const day of [today - 1, today]) store.metrics.add(throughput, { day, ...figures });
  return store;
}

function configOf(text: string) {
  const { config } = parseConfig(text, 'p.toml', tempDir());
  if (config === null) throw new Error('invalid configuration');
  return config;
}

test('metrics of a hidden end lose its address and the name of their task', () => {
  const store = setUp();
  const shown = publicStore(store, configOf('')).metricsOf(['first'], 0);
  expect(shown).toMatchObject([{ source, taskName: 'ps2 of the lab', days: [{}, {}] }]);
  const view = publicStore(store, configOf(`[publish]\nmask = ["${destination}/32"]`));
  const [id = ''] = view.tests().map((each) => each.id);
  const masked = view.metricsOf([id], 0);
  expect(masked).toMatchObject([{ source, taskName: null, days: [{}, {}] }]);
  expect(JSON.stringify(masked)).not.toContain(destination);
});

test('a view of the past shows the days that had ended', () => {
  const past = storeAsOf(setUp(), midnight + 3600);
  expect(past.metrics.ofTest(['first'], 0)).toMatchObject([{ days: [{ day: today - 1 }] }]);
});
