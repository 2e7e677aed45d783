import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Ended, Place } from '../../cli/command.ts';
import { contentOf } from '../../faults/outcome.ts';
import { runAt } from '../../faults/pstraceAt.ts';
import { backAt, changeAt, scene } from './scene.ts';

const good: Ended = { code: 0, stdout: '', stderr: '' };
const hour = 3600;

function classesOf({ out }: Place): string[] {
  const text = readFileSync(join(out, 'data/changes.ndjson'), 'utf8');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).class]));
}

function startsOf({ state }: Place): number[] {
  const records = contentOf(state).map((line) => JSON.parse(line));
  return records.flatMap(({ record, startedAt }) => (record === 'trace' ? [startedAt] : []));
}

test('a longer window brings the past: it causes no notification and changes no earlier finding', async () => {
  const { box, at, args, over } = await scene();
  const now = backAt + 5 * hour;
  expect(await runAt(now, over('3h'))).toEqual(good);
  expect(startsOf(at)).toHaveLength(4 * 18);
  for (const later of [600, 1200]) expect(await runAt(now + later, args)).toEqual(good);
  expect(Math.min(...startsOf(at))).toBeLessThan(changeAt - 24 * hour);
  expect(box.received).toEqual([]);
  expect(classesOf(at)).toEqual([]);
});

test('late results change no earlier finding, and nothing is found or notified twice', async () => {
  const { box, at, args, withhold } = await scene();
  expect(await runAt(changeAt - 60, args)).toEqual(good);
  expect(await runAt(changeAt + hour, args)).toEqual(good);
  withhold({ from: changeAt + 2 * hour, to: changeAt + 3 * hour });
  expect(await runAt(changeAt + 3.5 * hour, args)).toEqual(good);
  const [found, sent, known] = [classesOf(at), box.received.length, startsOf(at)];
  expect(found).toEqual(Array(4).fill('inter_as'));
  withhold(null);
  for (const now of [3.6, 3.7]) expect(await runAt(changeAt + now * hour, args)).toEqual(good);
  expect(startsOf(at).length).toBeGreaterThan(known.length + 4 * 6);
  expect(classesOf(at)).toEqual(found);
  expect(box.received).toHaveLength(sent);
});

test('the results of the first hour of a change come after newer ones: one mail, one change a test', async () => {
  const { box, at, args, withhold } = await scene();
  for (const now of [changeAt - 4 * hour, changeAt - 60])
    expect(await runAt(now, args)).toEqual(good);
  withhold({ from: changeAt, to: changeAt + hour });
  expect(await runAt(changeAt + 1.5 * hour, args)).toEqual(good);
  withhold(null);
  for (const now of [1.6, 2]) expect(await runAt(changeAt + now * hour, args)).toEqual(good);
  expect(classesOf(at)).toEqual(Array(4).fill('inter_as'));
  expect(box.received).toHaveLength(1);
});

test('a host that was off for hours: a change that recovered meanwhile causes one notification, as recovered', async () => {
  const { box, at, args } = await scene();
  for (const now of [changeAt - 60, backAt + 2 * hour, backAt + 2.2 * hour, backAt + 4 * hour])
    expect(await runAt(now, args)).toEqual(good);
  expect(classesOf(at).filter((found) => found === 'inter_as')).toHaveLength(4);
  expect(box.received.map(({ mail }) => mail.subject)).toEqual([
    expect.stringMatching(/^\[pstrace\] recovered after 4 h/),
  ]);
});

test('a change that ended more than a day before it could be read causes no notification', async () => {
  const { box, at, args } = await scene();
  expect(await runAt(changeAt - 60, args)).toEqual(good);
  expect(await runAt(backAt + 30 * hour, args)).toEqual(good);
  expect(classesOf(at).filter((found) => found === 'inter_as')).toHaveLength(4);
  const subjects = box.received.map(({ mail }) => mail.subject);
  expect(subjects.filter((subject) => /AS path/.test(subject ?? ''))).toEqual([]);
});

test('a first run by a clock that is a day ahead mutes nothing of what happens once it is right', async () => {
  const { box, args, withhold } = await scene(2);
  withhold({ from: changeAt - 60, to: backAt + 24 * hour });
  expect(await runAt(changeAt + 20 * hour, args)).toEqual(good);
  withhold(null);
  expect(await runAt(changeAt - 30, args)).toEqual(good);
  expect(await runAt(changeAt + hour, args)).toEqual(good);
  expect(box.received.map(({ mail }) => mail.subject)).toEqual([
    expect.stringMatching(/^\[pstrace\] major: AS path changed/),
  ]);
});
