import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { day, hour, keyOf, start, story } from './story.ts';

const large = { 'ip-packet-size': '1500' };
const cut = start + 2 * day;
const end = start + 6 * day;

describe('a template that changes gives a test another key', () => {
  test('which takes over its page, history and name; nothing is mailed', async () => {
    const mesh = await story([keyOf('a', [start, cut])]);
    for (const at of [start + day, cut]) expect((await mesh.run(at)).code).toBe(0);
    const [id] = mesh.matrix();
    expect(mesh.matrix()).toHaveLength(1);
    mesh.tests.push(keyOf('b', [cut, end], large));
    for (const hours of [1, 2, 3, 13, 30, 60])
      expect(await mesh.run(cut + hours * hour)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(mesh.matrix()).toEqual([id]);
    expect(mesh.classes()).toEqual([]);
    expect(mesh.box.received).toEqual([]);
    const json = mesh.json(`data/tests/${id}.json`) as { test: object; state: string };
    expect(json.state).toBe('ok');
    expect(json.test).toMatchObject({
      id,
      key: 'b'.repeat(32),
      parameters: large,
      keys: [
        { key: 'a'.repeat(32), parameters: {}, lastTraceAt: cut - 1800 },
        { key: 'b'.repeat(32), parameters: large },
      ],
    });
    const page = readFileSync(join(mesh.out, 'tests', id as string, 'index.html'), 'utf8');
    expect(page).toContain('Keys of this test');
    expect(page).toContain('a'.repeat(32));
    const history = readFileSync(join(mesh.out, 'tests', id as string, 'history.html'), 'utf8');
    expect(history).toContain('2026-11-20 00:00');
  });

  test('and its baseline: what changes after that is a change', async () => {
    const mesh = await story([keyOf('a', [start, cut])]);
    for (const at of [start + day, cut]) await mesh.run(at);
    const moved = cut + 2 * hour;
    const detour = ['198.51.100.1', '198.51.100.77', '198.51.100.78', '198.51.100.79'];
    const other = keyOf('b', [moved, end], large, detour);
    const before = keyOf('b', [cut, moved], large);
    mesh.tests.push({
      ...other,
      results: {
        'packet-trace': [
          ...(before.results?.['packet-trace'] ?? []),
          ...(other.results?.['packet-trace'] ?? []),
        ],
      },
    });
    for (const hours of [1, 2, 3, 5, 6]) await mesh.run(cut + hours * hour);
    expect(mesh.matrix()).toHaveLength(1);
    expect(mesh.classes()).toEqual(['intra_as']);
  });

  test('and its open changes: an outage lasts', async () => {
    const dead = { ...keyOf('a', [start, cut]) };
    const results = dead.results?.['packet-trace'] ?? [];
    const cutOff = results.map((one, index) =>
      index < results.length - 6 ? one : { ...one, val: (one.val as unknown[]).slice(0, 1) },
    );
    const mesh = await story([{ ...dead, results: { 'packet-trace': cutOff } }]);
    for (const at of [start + day, cut]) await mesh.run(at);
    expect(mesh.classes()).toEqual(['unreachable']);
    const next = keyOf('b', [cut, end], large);
    const silent = (next.results?.['packet-trace'] ?? []).map((one) => ({
      ...one,
      val: (one.val as unknown[]).slice(0, 1),
    }));
    mesh.tests.push({ ...next, results: { 'packet-trace': silent } });
    for (const hours of [1, 2, 3, 6]) await mesh.run(cut + hours * hour);
    expect(mesh.classes()).toEqual(['unreachable']);
    expect(mesh.json('data/matrix.json')).toMatchObject({
      cells: [{ state: 'unreached', stateSince: cut - 6 * 1800 }],
    });
    const subjects = mesh.box.received.map(({ mail }) => mail.subject ?? '');
    expect(subjects.filter((subject) => !subject.includes('digest'))).toHaveLength(1);
  });
});

test('tests that are measured at the same time with other parameters stay two tests', async () => {
  const mesh = await story([keyOf('a', [start, end]), keyOf('b', [start, end], large)]);
  for (const days of [1, 2, 3]) await mesh.run(start + days * day);
  mesh.tests.push(keyOf('c', [start + 3 * day, end], { 'ip-packet-size': '9000' }));
  for (const hours of [1, 2, 3, 24]) await mesh.run(start + 3 * day + hours * hour);
  expect(new Set(mesh.matrix()).size).toBe(3);
});

test('a key whose test comes back beside it is a test of its own again', async () => {
  const mesh = await story([keyOf('a', [start, cut]), keyOf('b', [cut, end], large)]);
  await mesh.run(cut);
  await mesh.run(cut + 6 * hour);
  expect(new Set(mesh.matrix()).size).toBe(1);
  const [first] = mesh.tests;
  const back = keyOf('a', [cut + 7 * hour, end]);
  mesh.tests[0] = {
    ...back,
    results: {
      'packet-trace': [
        ...(first?.results?.['packet-trace'] ?? []),
        ...(back.results?.['packet-trace'] ?? []),
      ],
    },
  };
  for (const hours of [8, 12, 14]) await mesh.run(cut + hours * hour);
  expect(new Set(mesh.matrix()).size).toBe(2);
});
