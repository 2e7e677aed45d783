import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseConfig } from '../../../../src/config/load.ts';
import { detectChanges } from '../../../../src/pipeline/detect/detectChanges.ts';
import { nameKeys } from '../../../../src/pipeline/identify/nameKeys.ts';
import { publicStore } from '../../../../src/pipeline/publicStore.ts';
import { mixedWarnings } from '../../../../src/pipeline/publish/mixedWarnings.ts';
import { publishSite } from '../../../../src/pipeline/publish/publishSite.ts';
import { currentContext } from '../../../../src/pipeline/publish/siteContext.ts';
import { createSiteInput } from '../../../../src/pipeline/publish/siteInput.ts';
import { openStore } from '../../../../src/store/open.ts';
import { sessionAt } from '../../../helpers/sessionAt.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { listedTest, midnight, readingOf, routeThrough, traceAt } from '../../store/samples.ts';

const now = midnight + 86_400;
const source = { address: '192.0.2.10', name: '192.0.2.10' };
const destination = { address: '203.0.113.9', name: 'ps2.example.net' };
const ofOne = routeThrough('192.0.2.1', '198.51.100.1', '203.0.113.9');
const ofOther = routeThrough('192.0.2.129', '198.51.100.65', '198.51.100.66', '203.0.113.9');

/** A day of a mixed test, and of the good one of the same pair if `hasGood`. */
async function setUp(hasGood: boolean) {
  const state = tempDir();
  const store = openStore(state, now);
  onTestFinished(() => store.close());
  const ends = { source, destination };
  const mixed = listedTest('mixed', { ...ends, key: 'a'.repeat(64) });
  const good = listedTest('good', { ...ends, key: 'b'.repeat(64), tool: 'tracepath' });
  store.upsertTests(hasGood ? [mixed, good] : [mixed], midnight);
  const slots = Array.from({ length: 144 }, (_, slot) => midnight + 600 * slot);
  const traces = slots.flatMap((at) => [traceAt(at, ofOne), traceAt(at + 90, ofOther)]);
  store.append('mixed', readingOf(traces));
  if (hasGood) store.append('good', readingOf(slots.map((at) => traceAt(at + 5, ofOne))));
  nameKeys(store);
  const { config } = parseConfig(`state = "${state}"`, join(state, 'pstrace.toml'), state);
  if (config === null) throw new Error('no configuration');
  await detectChanges(store, config, sessionAt(now), () => []);
  const context = currentContext({ from: midnight, to: now }, 'Mesh', []);
  const input = createSiteInput(store, publicStore(store, config), config, context, null);
  const out = join(state, 'html');
  const site = await publishSite({ ...config, out }, input, sessionAt(now));
  const json = (name: string) => JSON.parse(readFileSync(join(out, 'data', name), 'utf8'));
  return { store, json, summaries: site?.summaries ?? [] };
}

test('a test with the results of two hosts represents no cell and makes no change', async () => {
  const { store, json, summaries } = await setUp(true);
  expect(json('matrix.json').cells).toMatchObject([
    { state: 'ok', testIds: ['good', 'mixed'], otherStates: expect.stringContaining('untested') },
  ]);
  expect(store.changes.since(0)).toEqual([]);
  expect(json('tests/mixed.json')).toMatchObject({ state: 'untested', traces: 288 });
  expect(JSON.stringify(json('topology.json'))).not.toContain('192.0.2.129');
  expect(mixedWarnings(summaries)).toMatchObject([
    { subject: 'mixed', message: expect.stringContaining('mixes the results of two hosts') },
  ]);
});

test('its pair has no figures if it is alone', async () => {
  const { json } = await setUp(false);
  const [cell] = json('matrix.json').cells;
  expect(cell).toMatchObject({ state: 'untested', testIds: ['mixed'], rttMs: null, asPath: [] });
  expect(cell.stateReason).toContain('two hosts');
});
