import { describe, expect, test } from 'vitest';
import type { Silence } from '../../../src/model/alerting/silence.ts';
import type { Change } from '../../../src/model/change/change.ts';
import type { NotificationPlanInput } from '../../../src/notify/routing/notificationPlan.ts';
import {
  changeOf,
  hour,
  incidentOf,
  inShort,
  minute,
  planInput,
  planThrough,
  recipientOf,
  ten,
  testOf,
} from '../../helpers/notify/samples.ts';

const tests = [testOf('a', 'b'), testOf('a', 'c'), testOf('b', 'a'), testOf('c', 'a')];
const changes = tests.map((each, index) => changeOf(each, ten + index * minute));
const [first] = changes as [Change, ...Change[]];

/** One incident of the first `count` changes at a moment; `closed`: when the changes ended. */
function at(
  now: number,
  count: number,
  parts: Partial<NotificationPlanInput> = {},
  closed: readonly (number | null)[] = [],
): NotificationPlanInput {
  const incidents = [incidentOf(changes.slice(0, count), { id: 'incident-1' }, closed)];
  return planInput(changes, tests, { now, incidents, ...parts });
}

const kinds = (steps: readonly NotificationPlanInput[]) => planThrough(steps).map(inShort);

describe('an incident', () => {
  test('is notified once, two intervals after its first detection', () => {
    expect(
      kinds([at(ten + 19 * minute, 2), at(ten + 20 * minute, 2), at(ten + 30 * minute, 2)]),
    ).toEqual([[], ['noc alert 1'], []]);
  });

  test('of tests with an interval of six hours waits one hour, not twelve', () => {
    const slow = tests.map((each) => ({ ...each, intervalSeconds: 6 * hour }));
    const parts = { tests: new Map(slow.map((each) => [each.id, each])) };
    expect(kinds([at(ten + 59 * minute, 1, parts), at(ten + hour, 1, parts)])).toEqual([
      [],
      ['noc alert 1'],
    ]);
  });

  test('that grows by half gets an update, after one hour at the earliest', () => {
    expect(
      kinds([
        at(ten + 20 * minute, 2),
        at(ten + 40 * minute, 4),
        at(ten + 79 * minute, 4),
        at(ten + 80 * minute, 4),
        at(ten + 150 * minute, 4),
      ]),
    ).toEqual([['noc alert 1'], [], [], ['noc update 1'], []]);
  });

  test('that grows by less than half gets no update', () => {
    const more = [...tests, testOf('d', 'a'), testOf('e', 'a')];
    const all = more.map((each, index) => changeOf(each, ten + index * minute));
    const step = (now: number, count: number) =>
      planInput(all, more, { now, incidents: [incidentOf(all.slice(0, count), { id: 'i' })] });
    expect(kinds([step(ten + hour, 5), step(ten + 3 * hour, 6)])).toEqual([['noc alert 1'], []]);
  });

  test('that becomes worse gets an update', () => {
    const worse = { ...at(ten + 2 * hour, 2) };
    const incidents = worse.incidents.map((each) => ({ ...each, severity: 'critical' as const }));
    expect(kinds([at(ten + hour, 2), { ...worse, incidents }])).toEqual([
      ['noc alert 1'],
      ['noc update 1'],
    ]);
  });

  test('is notified as recovered once, when four of five tests have recovered', () => {
    const end = ten + 2 * hour;
    expect(
      kinds([
        at(ten + hour, 4),
        at(end, 4, {}, [end, end, end, null]),
        at(end + minute, 4, {}, [end, end, end, end]),
        at(end + hour, 4, {}, [end, end, end, end]),
      ]),
    ).toEqual([['noc alert 1'], [], ['noc recovered 1'], []]);
  });

  test('that returns on the same tests gets an update after an hour, and its second end a message', () => {
    const end = ten + 2 * hour;
    const again = tests.slice(0, 2).map((each) => changeOf(each, end + 20 * minute));
    const all = [...changes.slice(0, 2), ...again];
    const step = (now: number, closed: readonly (number | null)[]) =>
      planInput(all, tests, { now, incidents: [incidentOf(all, { id: 'incident-1' }, closed)] });
    expect(
      kinds([
        at(ten + hour, 2),
        at(end, 2, {}, [end, end]),
        step(end + 30 * minute, [end, end]),
        step(end + hour, [end, end]),
        step(end + 2 * hour, [end, end, end + hour, end + hour]),
      ]),
    ).toEqual([['noc alert 1'], ['noc recovered 1'], [], ['noc update 1'], ['noc recovered 1']]);
  });

  test('that returns and ends again within an hour of its end gets one more message about the end', () => {
    const end = ten + 2 * hour;
    const again = tests.slice(0, 2).map((each) => changeOf(each, end + 10 * minute));
    const all = [...changes.slice(0, 2), ...again];
    const ends = [end, end, end + 30 * minute, end + 30 * minute];
    const step = (now: number) =>
      planInput(all, tests, { now, incidents: [incidentOf(all, { id: 'incident-1' }, ends)] });
    expect(
      kinds([
        at(ten + hour, 2),
        at(end, 2, {}, [end, end]),
        step(end + 40 * minute),
        step(end + hour),
        step(end + 3 * hour),
      ]),
    ).toEqual([['noc alert 1'], ['noc recovered 1'], [], ['noc recovered 1'], []]);
  });

  test('that lasts gets a reminder after 1, 7 and 30 days', () => {
    const days = [0.5, 1, 1.1, 6, 7, 8, 29, 30, 31, 90];
    const steps = [at(ten + hour, 1), ...days.map((day) => at(ten + day * 24 * hour, 1))];
    expect(kinds(steps)).toEqual([
      ['noc alert 1'],
      [],
      ['noc update 1'],
      [],
      [],
      ['noc update 1'],
      [],
      [],
      ['noc update 1'],
      [],
      [],
    ]);
    const reminders = planThrough(steps).flat().slice(1);
    expect(reminders.map(({ items }) => items[0]?.isReminder)).toEqual([true, true, true]);
  });

  test('that grows or becomes worse gets an update that is no reminder', () => {
    const [, update] = planThrough([at(ten + hour, 1), at(ten + 25 * hour, 4)]).flat();
    expect(update?.items[0]).toMatchObject({ kind: 'update' });
    expect(update?.items[0]?.isReminder).toBeUndefined();
  });

  test('that is merely another route gets no reminder, and a worse one does', () => {
    const step = (effect: Change['verdict']['effect'], now: number) => {
      const moved = changeOf(tests[0] as (typeof tests)[0], ten, { class: 'inter_as' });
      const change = { ...moved, verdict: { ...moved.verdict, effect } };
      const incidents = [incidentOf([change], { id: 'incident-1' })];
      return planInput([change], tests, { now, incidents });
    };
    const days = (effect: Change['verdict']['effect']) =>
      kinds([step(effect, ten + hour), step(effect, ten + 25 * hour)]);
    expect(days('same')).toEqual([['noc alert 1'], []]);
    expect(days('worse')).toEqual([['noc alert 1'], ['noc update 1']]);
  });

  test('that is accepted is notified so once, and its recovery later', () => {
    const accepted = at(ten + 25 * hour, 1);
    const incidents = accepted.incidents.map((each) => ({ ...each, status: 'accepted' as const }));
    const end = ten + 60 * hour;
    expect(
      kinds([
        at(ten + hour, 1),
        { ...accepted, incidents },
        { ...accepted, incidents, now: ten + 30 * hour },
        at(end, 1, {}, [end]),
        at(end + hour, 1, {}, [end]),
      ]),
    ).toEqual([['noc alert 1'], ['noc accepted 1'], [], ['noc recovered 1'], []]);
  });

  test('whose changes became the new baseline is notified as accepted', () => {
    const end = ten + 24 * hour;
    const acceptedChanges = new Set(changes.slice(0, 2).map(({ id }) => id));
    expect(kinds([at(ten + hour, 2), at(end, 2, { acceptedChanges }, [end, end])])).toEqual([
      ['noc alert 1'],
      ['noc accepted 1'],
    ]);
  });

  test('that ended before its alert gets one message', () => {
    const end = ten + 10 * minute;
    expect(
      kinds([at(ten + 30 * minute, 2, {}, [end, end]), at(ten + hour, 2, {}, [end, end])]),
    ).toEqual([['noc recovered 1'], []]);
  });

  test('that ended a day before its alert gets none', () => {
    const end = ten + 10 * minute;
    expect(kinds([at(end + 25 * hour, 2, {}, [end, end])])).toEqual([[]]);
  });

  test('from a replay of the past gets no message', () => {
    const watchedSince = new Map(tests.map(({ id }) => [id, ten + 10 * minute]));
    expect(kinds([at(ten + hour, 4, { watchedSince })])).toEqual([[]]);
  });

  test('of a test that is not watched yet gets no message', () => {
    expect(kinds([at(ten + hour, 4, { watchedSince: new Map() })])).toEqual([[]]);
  });

  test('that is merged into another continues in that thread', () => {
    const mergedIds = { 'incident-0': 'incident-1' };
    const before = { ...at(ten + 20 * minute, 2) };
    const incidents = before.incidents.map((each) => ({ ...each, id: 'incident-0' }));
    const end = ten + 3 * hour;
    const [alert, none, recovered] = planThrough([
      { ...before, incidents },
      at(ten + 30 * minute, 2, { mergedIds }),
      at(end, 2, { mergedIds }, [end, end]),
    ]);
    expect(none).toEqual([]);
    expect(recovered?.[0]?.references).toEqual([alert?.[0]?.messageId]);
    expect(recovered?.[0]?.thread).toBe('incident-0');
  });

  test('that is acknowledged gets no update, but a message at its end', () => {
    const acknowledgements = [{ incidentId: 'incident-1', at: ten, by: null, note: null }];
    const end = ten + 4 * hour;
    expect(
      kinds([
        at(ten + hour, 2),
        at(ten + 3 * hour, 4, { acknowledgements }),
        at(end, 4, { acknowledgements }, [end, end, end, end]),
      ]),
    ).toEqual([['noc alert 1'], [], ['noc recovered 1']]);
  });

  test('that is acknowledged before its alert gets none', () => {
    const acknowledgements = [{ incidentId: 'incident-1', at: ten, by: null, note: null }];
    expect(kinds([at(ten + hour, 2, { acknowledgements })])).toEqual([[]]);
  });
});

describe('planning again', () => {
  test('gives nothing once the messages are in the log', () => {
    const input = at(ten + hour, 4);
    expect(kinds([input, input])).toEqual([['noc alert 1'], []]);
  });

  test('without the log gives the same keys and Message-IDs', () => {
    const input = at(ten + hour, 4);
    const [one] = planThrough([input]).flat();
    const [other] = planThrough([{ ...input, now: ten + 2 * hour }]).flat();
    expect([other?.key, other?.messageId]).toEqual([one?.key, one?.messageId]);
    expect(one?.messageId).toMatch(/^<pstrace\.[0-9a-f]{32}@pstrace\.example\.org>$/);
  });

  test('gives each message of a thread its own Message-ID, with references to the earlier ones', () => {
    const end = ten + 5 * hour;
    const steps = planThrough([
      at(ten + hour, 2),
      at(ten + 3 * hour, 4),
      at(end, 4, {}, [end, end, end, end]),
    ]).flat();
    const ids = steps.map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(3);
    expect(steps.map(({ references }) => references)).toEqual([
      [],
      ids.slice(0, 1),
      ids.slice(0, 2),
    ]);
  });

  test('gives different keys to two recipients', () => {
    const recipients = [recipientOf(), recipientOf({ id: 'desk' })];
    const [both] = planThrough([at(ten + hour, 1, { recipients })]);
    expect(new Set(both?.map(({ messageId }) => messageId)).size).toBe(2);
  });
});

describe('a recipient', () => {
  const wanting = (parts: Parameters<typeof recipientOf>[0], count = 4): readonly string[] => {
    const recipients = [recipientOf(parts)];
    const groups = [{ name: 'south', tests: ['c.example.net'] }];
    const [outgoing] = planThrough([at(ten + hour, count, { recipients, groups })]);
    return outgoing?.flatMap(({ items }) => items.flatMap(({ view }) => view.tests)) ?? [];
  };

  test('with tests gets messages about those only', () => {
    expect(wanting({ tests: ['b.example.net > *'] })).toEqual(['b-a']);
  });

  test('with a group gets messages about its tests only', () => {
    expect(wanting({ groups: ['south'] })).toEqual(['a-c', 'c-a']);
  });

  test('with a group and tests gets messages about both', () => {
    expect(wanting({ groups: ['south'], tests: ['b-a'] })).toEqual(['a-c', 'b-a', 'c-a']);
  });

  test('with classes gets messages about those only', () => {
    expect(wanting({ classes: ['unreachable'] })).toEqual([]);
  });

  test('with alert_from critical gets no message about a major incident', () => {
    expect(wanting({ alertFrom: 'critical' })).toEqual([]);
  });

  test('gets severity and end of its own part of an incident', () => {
    const outage = changeOf(tests[1] as (typeof tests)[0], ten, {
      class: 'unreachable',
      severity: 'critical',
    });
    const mine = recipientOf({ tests: ['a-b'] });
    const step = (now: number, closed: readonly (number | null)[]) =>
      planInput([first, outage], tests, {
        now,
        recipients: [mine],
        incidents: [incidentOf([first, outage], { id: 'i', severity: 'critical' }, closed)],
      });
    const steps = planThrough([step(ten + hour, []), step(ten + 2 * hour, [ten + 2 * hour, null])]);
    expect(steps.map(inShort)).toEqual([['noc alert 1'], ['noc recovered 1']]);
    expect(steps[0]?.[0]?.items[0]?.view.severity).toBe('major');
  });
});

describe('quiet hours', () => {
  const quiet = { from: 22 * 60, to: 7 * 60 };
  const recipients = [recipientOf({ quiet, timeZone: 'Europe/Amsterdam' })];
  const night = ten + 12 * hour; // 22:00 UTC, 23:00 in Amsterdam
  const late = (parts: Partial<Change>) => changeOf(tests[0] as (typeof tests)[0], night, parts);
  const step = (change: Change, now: number, closed: readonly (number | null)[] = []) =>
    planInput([change], tests, {
      now,
      recipients,
      incidents: [incidentOf([change], { id: 'i' }, closed)],
    });

  test('delay an alert until they end', () => {
    const change = late({});
    // 06:59 and 07:00 in Amsterdam.
    const morning = night + 8 * hour;
    expect(
      kinds([step(change, night + hour), step(change, morning - 60), step(change, morning)]),
    ).toEqual([[], [], ['noc alert 1']]);
  });

  test('let critical alerts and their ends pass', () => {
    const change = late({ severity: 'critical', class: 'unreachable' });
    const end = night + 2 * hour;
    expect(kinds([step(change, night + hour), step(change, end, [end])])).toEqual([
      ['noc alert 1'],
      ['noc recovered 1'],
    ]);
  });

  test('turn an incident that came and went at night into one message in the morning', () => {
    const change = late({});
    const end = night + hour;
    expect(kinds([step(change, end, [end]), step(change, night + 9 * hour, [end])])).toEqual([
      [],
      ['noc recovered 1'],
    ]);
  });
});

describe('the hourly limit', () => {
  const many = Array.from({ length: 6 }, (_, index) => testOf('a', 'b', `t${index}`));
  const each = many.map((one, index) =>
    changeOf(one, ten + index, { severity: index === 5 ? 'critical' : 'major' }),
  );
  const step = (now: number, closed: readonly (number | null)[] = []) =>
    planInput(each, many, {
      now,
      recipients: [recipientOf({ perHour: 2 })],
      incidents: each.map((change) => incidentOf([change], { id: `i-${change.testId}` }, closed)),
    });

  test('lets the worst pass and puts the others into one summary', () => {
    const [outgoing] = planThrough([step(ten + hour)]);
    expect(inShort(outgoing ?? [])).toEqual(['noc alert 1', 'noc alert 1', 'noc summary 4']);
    expect(outgoing?.[0]?.items[0]?.view.severity).toBe('critical');
  });

  test('allows no second summary within the hour; the rest waits', () => {
    const end = ten + 65 * minute;
    const steps = kinds([
      step(ten + hour),
      step(ten + 70 * minute, [end]),
      step(ten + 121 * minute, [end]),
    ]);
    expect(steps).toEqual([
      ['noc alert 1', 'noc alert 1', 'noc summary 4'],
      [],
      ['noc recovered 1', 'noc recovered 1', 'noc summary 4'],
    ]);
  });

  test('counts the incidents of a summary as notified', () => {
    expect(kinds([step(ten + hour), step(ten + 3 * hour)])[1]).toEqual([]);
  });

  test('applies to each recipient separately', () => {
    const recipients = [recipientOf({ perHour: 2 }), recipientOf({ id: 'desk', perHour: 6 })];
    expect(kinds([{ ...step(ten + hour), recipients }])[0]).toHaveLength(3 + 6);
  });
});

describe('the daily digest', () => {
  const recipients = [recipientOf({ digestFrom: 'info', digestAt: 7 * 60 })];
  const minor = changeOf(tests[0] as (typeof tests)[0], ten, {
    severity: 'minor',
    class: 'intra_as',
  });
  const step = (now: number, parts: Partial<NotificationPlanInput> = {}) =>
    planInput([minor, first], tests, {
      now,
      recipients,
      incidents: [incidentOf([minor], { id: 'i' })],
      ...parts,
    });
  const seven = ten + 21 * hour;

  test('lists the minor incidents at its hour, once a day until it has listed their end', () => {
    const over = { incidents: [incidentOf([minor], { id: 'i' }, [seven + 25 * hour])] };
    expect(
      kinds([
        step(ten + hour),
        step(seven - 60),
        step(seven),
        step(seven + hour),
        step(seven + 24 * hour),
        step(seven + 48 * hour, over),
        step(seven + 72 * hour, over),
      ]),
    ).toEqual([[], [], ['noc digest 1'], [], ['noc digest 1'], ['noc digest 1'], []]);
  });

  test('lists all that lasts, also after its alert, until it ends or is accepted', () => {
    const open = incidentOf([first], { id: 'lasting' });
    const lasting = { incidents: [open] };
    const ends = [
      incidentOf([first], { id: 'lasting' }, [seven + 30 * hour]),
      { ...open, status: 'accepted' as const },
    ];
    for (const [index, end] of ends.entries()) {
      const after = { incidents: [end] };
      expect(
        kinds([
          step(ten + hour, lasting),
          step(seven, lasting),
          step(seven + 24 * hour, lasting),
          step(seven + 30 * hour, after),
          step(seven + 48 * hour, after),
        ]),
      ).toEqual([
        ['noc alert 1'],
        ['noc digest 1'],
        ['noc update 1', 'noc digest 1'],
        [index === 0 ? 'noc recovered 1' : 'noc accepted 1'],
        [],
      ]);
    }
  });

  test('is not sent if it is empty', () => {
    expect(kinds([step(seven, { incidents: [] })])).toEqual([[]]);
  });

  test('leaves later incidents to the next day', () => {
    const later = changeOf(tests[1] as (typeof tests)[0], seven + hour, { severity: 'minor' });
    const parts = {
      changes: new Map([[later.id, later]]),
      incidents: [incidentOf([later], { id: 'later' })],
    };
    expect(kinds([step(seven + 2 * hour, parts), step(seven + 24 * hour, parts)])).toEqual([
      [],
      ['noc digest 1'],
    ]);
  });

  test('lists incidents too old for an alert', () => {
    const end = ten + hour;
    const missed = [incidentOf([first], { id: 'missed' }, [end])];
    expect(kinds([step(end + 25 * hour, { incidents: missed })])).toEqual([['noc digest 1']]);
  });

  test('leaves out incidents with a pending alert', () => {
    const late = changeOf(tests[0] as (typeof tests)[0], seven - 5 * minute);
    const parts = {
      changes: new Map([[late.id, late]]),
      incidents: [incidentOf([late], { id: 'l' })],
    };
    expect(kinds([step(seven, parts), step(seven + 20 * minute, parts)])).toEqual([
      [],
      ['noc alert 1'],
    ]);
  });

  test('leaves out severities below digest_from', () => {
    const only = [recipientOf({ digestFrom: 'moderate' })];
    expect(kinds([step(seven, { recipients: only })])).toEqual([[]]);
  });

  test('does not delay the alert of an incident that becomes serious', () => {
    const worse = [incidentOf([minor], { id: 'i', severity: 'major' })];
    expect(kinds([step(seven), step(seven + hour, { incidents: worse })])).toEqual([
      ['noc digest 1'],
      ['noc alert 1'],
    ]);
  });
});

describe('a silence', () => {
  const silence = (parts: Partial<Silence>): Silence => ({
    id: 's',
    from: ten,
    until: ten + 4 * hour,
    reason: 'work on the line',
    by: null,
    tests: [],
    groups: [],
    elements: [],
    classes: [],
    ...parts,
  });

  test('mutes its changes while active; those that outlast it are notified afterwards', () => {
    const silences = [silence({ tests: ['a-b'] })];
    expect(kinds([at(ten + hour, 1, { silences }), at(ten + 4 * hour, 1, { silences })])).toEqual([
      [],
      ['noc alert 1'],
    ]);
  });

  test('mutes for good the changes that began and ended within it', () => {
    const silences = [silence({ tests: ['a-b'] })];
    const end = ten + 2 * hour;
    expect(kinds([at(ten + 5 * hour, 1, { silences }, [end])])).toEqual([[]]);
  });

  test('does not mute changes that began before it, once it is over', () => {
    const silences = [silence({ from: ten + hour, until: ten + 3 * hour })];
    const end = ten + 2 * hour;
    expect(
      kinds([
        at(ten + 30 * minute, 1, { silences }),
        at(end, 1, { silences }, [end]),
        at(ten + 3 * hour, 1, { silences }, [end]),
      ]),
    ).toEqual([['noc alert 1'], [], ['noc recovered 1']]);
  });

  test('of one test does not affect the other tests of an incident', () => {
    const silences = [silence({ tests: ['a-b'] })];
    const [outgoing] = planThrough([at(ten + hour, 3, { silences })]);
    expect(outgoing?.[0]?.items[0]?.view.tests).toEqual(['a-c', 'b-a']);
  });

  test('that is over mutes nothing', () => {
    const silences = [silence({ until: ten + 30 * minute })];
    expect(kinds([at(ten + hour, 1, { silences })])).toEqual([['noc alert 1']]);
  });
});
