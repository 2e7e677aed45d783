import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LoggedMessage } from '../../../src/model/alerting/outbox.ts';
import { severities } from '../../../src/model/change/change.ts';
import { toLoggedMessage } from '../../../src/notify/routing/buildNotification.ts';
import { decideNotifications } from '../../../src/notify/routing/decideNotifications.ts';
import type {
  NotificationPlanInput,
  PlannedNotification,
} from '../../../src/notify/routing/notificationPlan.ts';
import {
  changeOf,
  hour,
  incidentOf,
  minute,
  planInput,
  recipientOf,
  ten,
  testOf,
} from '../../helpers/notify/samples.ts';

const tests = Array.from({ length: 8 }, (_, index) => testOf('a', 'b', `t${index}`));

/** The trouble of one test: start and end (in runs, each half an hour), and severity. */
const trouble = fc.record({
  begins: fc.integer({ min: 0, max: 20 }),
  lasts: fc.integer({ min: 1, max: 30 }),
  severity: fc.constantFrom(...severities),
  incident: fc.integer({ min: 0, max: 3 }),
});

const recipient = recipientOf({
  perHour: 2,
  digestFrom: 'info',
  quiet: { from: 20 * 60, to: 6 * 60 },
});

/** The plan input of a run: the troubles so far. */
function inputAt(
  run: number,
  troubles: readonly (typeof trouble extends fc.Arbitrary<infer T> ? T : never)[],
): NotificationPlanInput {
  const now = ten + run * 30 * minute;
  const known = troubles.map((each, index) => {
    const at = ten + each.begins * 30 * minute;
    const end = at + each.lasts * 30 * minute;
    const change = changeOf(tests[index] as (typeof tests)[0], at, { severity: each.severity });
    return { ...each, change, begun: at <= now, end: end <= now ? end : null };
  });
  const incidents = [0, 1, 2, 3].flatMap((number) => {
    const own = known.filter(({ incident, begun }) => incident === number && begun);
    if (own.length === 0) return [];
    const worst = severities.find((one) => own.some(({ severity }) => severity === one)) ?? 'info';
    const parts = { id: `i${number}`, severity: worst };
    return [
      incidentOf(
        own.map(({ change }) => change),
        parts,
        own.map(({ end }) => end),
      ),
    ];
  });
  return planInput(
    known.map(({ change }) => change),
    tests,
    {
      now,
      incidents,
      recipients: [recipient],
    },
  );
}

/** All runs of four days; each plan sees the log of the earlier ones. */
function allRuns(troubles: Parameters<typeof inputAt>[1]): PlannedNotification[] {
  let log: LoggedMessage[] = [];
  const all: PlannedNotification[] = [];
  for (let run = 0; run < 192; run++) {
    const outgoing = decideNotifications({ ...inputAt(run, troubles), log });
    log = [...log, ...outgoing.map((one) => toLoggedMessage(one))];
    all.push(...outgoing);
  }
  return all;
}

const someTroubles = fc.array(trouble, { minLength: 1, maxLength: 8 });

test('no key is planned twice, and no hour exceeds the limit', () => {
  fc.assert(
    fc.property(someTroubles, (troubles) => {
      const all = allRuns(troubles);
      expect(new Set(all.map(({ key }) => key)).size).toBe(all.length);
      for (const { plannedAt } of all) {
        const within = all.filter(
          (each) => each.plannedAt > plannedAt - hour && each.plannedAt <= plannedAt,
        );
        const single = within.filter(({ kind }) => kind !== 'summary' && kind !== 'digest');
        expect(single.length).toBeLessThanOrEqual(recipient.perHour);
        expect(within.filter(({ kind }) => kind === 'summary').length).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 60 },
  );
});

test('every subscribed incident gets a message, and every alert a message at its end', () => {
  fc.assert(
    fc.property(someTroubles, (troubles) => {
      const notified = allRuns(troubles).flatMap((outgoing) => outgoing.items);
      for (const { id } of inputAt(191, troubles).incidents) {
        const own = notified.filter(({ view }) => view.incident.id === id).map(({ kind }) => kind);
        expect(own).not.toEqual([]);
        if (own.includes('alert')) expect(own.at(-1)).toBe('recovered');
      }
    }),
    { numRuns: 60 },
  );
});

test('the order of incidents and members does not matter', () => {
  fc.assert(
    fc.property(someTroubles, fc.integer({ min: 0, max: 100 }), (troubles, run) => {
      const input = inputAt(run, troubles);
      const reversed = input.incidents.toReversed();
      const keys = (outgoing: readonly PlannedNotification[]) =>
        outgoing.map(({ key, items }) => [key, items.map(({ view }) => view.incident.id)]);
      expect(keys(decideNotifications({ ...input, incidents: reversed }))).toEqual(
        keys(decideNotifications(input)),
      );
    }),
    { numRuns: 60 },
  );
});
