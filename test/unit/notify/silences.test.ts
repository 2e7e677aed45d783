import { describe, expect, test } from 'vitest';
import type { MaintenanceTime } from '../../../src/model/alerting/maintenance.ts';
import type { Silence } from '../../../src/model/alerting/silence.ts';
import { localTime } from '../../../src/notify/routing/localTime.ts';
import { maintenanceSilences } from '../../../src/notify/routing/maintenance.ts';
import {
  findSilence,
  isSilencedNow,
  type SilenceSubject,
} from '../../../src/notify/routing/silences.ts';
import { changeOf, hour, ten, testOf } from '../../helpers/notify/samples.ts';

const subject = (parts: Partial<SilenceSubject> = {}): SilenceSubject => ({
  change: changeOf(testOf('a', 'b'), ten),
  test: testOf('a', 'b'),
  suspect: { kind: 'link', name: '203.0.113.0/30' },
  closedAt: null,
  ...parts,
});

const silence = (parts: Partial<Silence> = {}): Silence => ({
  id: 's',
  from: ten - hour,
  until: ten + hour,
  reason: 'work',
  by: null,
  tests: [],
  groups: [],
  elements: [],
  classes: [],
  ...parts,
});

const groups = [{ name: 'north', tests: ['a.*'] }];
const covers = (parts: Partial<Silence>) =>
  findSilence(subject(), [silence(parts)], groups, ten) !== null;

describe('a silence covers', () => {
  test.each([
    ['everything when nothing is named', {}, true],
    ['a test by its id', { tests: ['a-b'] }, true],
    ['a test by its ends', { tests: ['a.example.net > b.*'] }, true],
    ['not the way back', { tests: ['b.example.net > a.*'] }, false],
    ['a test by one end', { tests: ['192.0.2.1'] }, true],
    ['a group', { groups: ['north'] }, true],
    ['not another group', { groups: ['south'] }, false],
    ['a router that left', { elements: ['cr1.fra.*'] }, true],
    ['a router that came', { elements: ['r2.transit.example'] }, true],
    ['an address that left', { elements: ['203.0.113.5'] }, true],
    ['a link', { elements: ['203.0.113.0/30'] }, true],
    ['an AS', { elements: ['as64505'] }, true],
    ['not a router that stayed', { elements: ['198.51.100.5'] }, false],
    ['a class', { classes: ['inter_as'] }, true],
    ['not another class', { classes: ['loss'] }, false],
    ['only what fits in every way', { tests: ['a-b'], classes: ['loss'] }, false],
  ] as const)('%s', (_, parts, expected) => {
    expect(covers(parts)).toBe(expected);
  });
});

describe('a change is marked as silenced', () => {
  const marked = (parts: Partial<SilenceSubject>, now: number) =>
    findSilence(subject(parts), [silence({ from: ten + hour, until: ten + 2 * hour })], [], now) !==
    null;

  test('while it is open during a silence, and for good if detected within one', () => {
    expect(marked({}, ten + 1.5 * hour)).toBe(true);
    expect(marked({ closedAt: ten + 1.2 * hour }, ten + 1.5 * hour)).toBe(false);
    expect(marked({ change: changeOf(testOf('a', 'b'), ten + 1.2 * hour) }, ten + 9 * hour)).toBe(
      true,
    );
  });
});

test('a silence mutes until its end, not after', () => {
  const muted = (now: number) => isSilencedNow(subject(), [silence()], [], now);
  expect([muted(ten + hour - 1), muted(ten + hour)]).toEqual([true, false]);
});

describe('a maintenance window', () => {
  const rest = { tests: ['a-b'], groups: [], elements: [], classes: [], reason: 'upgrade' };
  const spans = (time: MaintenanceTime, now: number) =>
    maintenanceSilences([{ ...rest, time }], now).map(({ from, until }) =>
      [from, until].map((each) => new Date(each * 1000).toISOString().slice(0, 16)).join(' '),
    );

  test('that occurs once is one silence', () => {
    const [one] = maintenanceSilences(
      [{ ...rest, time: { kind: 'once', from: ten, until: ten + hour } }],
      ten,
    );
    expect(one).toMatchObject({ from: ten, until: ten + hour, reason: 'upgrade', by: null });
  });

  const weekly = {
    kind: 'weekly',
    weekdays: [2],
    span: { from: 22 * 60, to: 2 * 60 },
    timeZone: 'Europe/Amsterdam',
  } as const;

  test('that is weekly begins in its own zone and runs over midnight', () => {
    expect(spans(weekly, ten)).toEqual(['2026-11-17T21:00 2026-11-18T01:00']);
  });

  test('that is weekly is active from its start, beside that of last week', () => {
    const begin = Date.UTC(2026, 10, 24, 21) / 1000;
    expect(localTime(begin, 'Europe/Amsterdam').weekday).toBe(2);
    expect(spans(weekly, begin)).toEqual([
      '2026-11-24T21:00 2026-11-25T01:00',
      '2026-11-17T21:00 2026-11-18T01:00',
    ]);
  });

  test('of a whole day lasts a day', () => {
    const allDay = { ...weekly, span: { from: 0, to: 0 }, timeZone: 'UTC' };
    expect(spans(allDay, ten)).toEqual(['2026-11-17T00:00 2026-11-18T00:00']);
  });
});
