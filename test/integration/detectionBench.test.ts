import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempDir } from '../helpers/tempDir.ts';

const root = join(import.meta.dirname, '../..');
const start = 1_780_000_000;
const interval = 600;
const rerouteAt = start + 60 * interval;

/** A mesh of one pair that is rerouted once, in the layout of routebench. */
function writeMesh(dir: string): string {
  const route = (at: number) =>
    at < rerouteAt
      ? ['192.0.2.1', '198.51.100.1', '198.51.100.9', '203.0.113.9']
      : ['192.0.2.1', '198.51.100.65', '198.51.100.73', '198.51.100.81', '203.0.113.9'];
  const traceAt = (at: number) => ({
    ts: at,
    val: route(at).map((ip, index) => ({
      ttl: index + 1,
      query: 1,
      success: 1,
      ip,
      rtt: 5 * (index + 1) + (at < rerouteAt ? 0 : 20),
    })),
  });
  const traces = Array.from({ length: 100 }, (_, index) => traceAt(start + index * interval));
  mkdirSync(join(dir, 'traces'), { recursive: true });
  writeFileSync(join(dir, 'traces/a.json'), JSON.stringify(traces));
  const record = {
    pair: 'a',
    file: 'traces/a.json',
    source: '192.0.2.100',
    destination: '203.0.113.9',
    'time-interval': interval,
  };
  writeFileSync(join(dir, 'metadata.json'), JSON.stringify([record]));
  writeFileSync(join(dir, 'truth.json'), JSON.stringify({ start, end: start + 86_400 }));
  return dir;
}

/** A scorer that finds right what the alerts contain, and fails on an unknown argument. */
const scorer = `
import { readFileSync } from 'node:fs';
const [, , truth, file, json] = process.argv;
if (json !== '--json') throw new Error('unexpected arguments');
const { start } = JSON.parse(readFileSync(truth, 'utf8'));
const alerts = readFileSync(file, 'utf8').split('\\n').filter(Boolean).map((line) => JSON.parse(line));
const right = alerts.filter(({ ts, kind }) => kind.endsWith('_as') && ts > start).length;
const score = { tp: right, fp: alerts.length - right, fn: 0, medianDelay: 2 };
console.log(JSON.stringify({
  routing: score,
  performance: { tp: 0, fp: 0, fn: 0, medianDelay: null },
  quiet: { pairs: 1, alerts: 0 },
  incidents: { matchedAlerts: right, trueIncidents: 1, bcubedPrecision: 1, bcubedRecall: 1, notifications: 1 },
  verdict: { n: right, accuracy: 1 },
  resolution: { n: 0, recall: 0 },
}));
`;

test('the benchmark of the detection prints the figures of the scorer for all meshes', () => {
  const dir = tempDir();
  writeFileSync(join(dir, 'score.mjs'), scorer);
  const mesh = writeMesh(join(dir, 'mesh'));
  const args = ['bench/bench.ts', 'detection', '--scorer', join(dir, 'score.mjs'), mesh, mesh];
  const output = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  expect(output).toContain('2 meshes, alerts that are notified');
  expect(output).toContain('| routes: precision | 1.000 | 1.000 to 1.000 |');
  expect(output).toContain('| RTT, loss, MTU: recall | – | – |');
  expect(output).toMatch(/\| CPU of the detection \/ JSON\.parse \| \d+\.\d{3} \|/);
  expect(output).toMatch(/\| state per test, kB \| [1-9]\d*\.\d{3} \|/);
});

test('the benchmark of the detection needs a scorer', () => {
  const { status, stderr } = spawnSync(process.execPath, ['bench/bench.ts', 'detection', 'mesh'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(status).toBe(64);
  expect(stderr).toContain('--scorer SCORER');
});
