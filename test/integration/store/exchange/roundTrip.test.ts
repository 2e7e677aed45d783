import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyPattern, anyTrace } from '../../../helpers/store/arbitrary.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { fillAlerts } from '../alertSamples.ts';
import { contentOf } from '../content.ts';
import { listedTest, midnight, periodAt, readingOf, respondersOf, runAt } from '../samples.ts';
import { exported, imported, storeIn } from './exchanged.ts';

const day = 86_400;

const anyText = fc.constantFrom(null, 'r1.example.net', 'Łódź “ÄÖ” <b>', '🚫');
const anyResponder = fc.record({
  address: fc.constantFrom('192.0.2.1', '192.0.2.2', '2001:db8::7', '203.0.113.250'),
  hostname: anyText,
  asn: fc.option(fc.integer({ min: 0, max: 2 ** 32 - 1 })),
  asName: anyText,
});

/** What happens to one test over some days. */
const anyTest = fc.record({
  traces: fc.array(anyTrace(midnight), { maxLength: 12 }),
  responders: fc.array(anyResponder, { maxLength: 4 }),
  failures: fc.array(fc.integer({ min: 0, max: day }), { maxLength: 3 }),
  patterns: fc.array(anyPattern, { maxLength: 3 }),
  isFinalized: fc.boolean(),
  alerts: fc.boolean(),
});

describe('an export', () => {
  test('imported into an empty state gives an equal store and an equal export', () => {
    fc.assert(
      fc.property(fc.array(anyTest, { maxLength: 3 }), fc.boolean(), (facts, forgotten) => {
        const [from, to] = [join(tempDir(), 'from'), join(tempDir(), 'to')];
        const store = storeIn(from);
        facts.forEach(({ traces, responders, failures, patterns, isFinalized, alerts }, index) => {
          const id = `test-${index}`;
          store.upsertTests([listedTest(id)], midnight + index);
          store.upsertTests([listedTest(id)], midnight + 2 * index);
          const reading = {
            interval: { from: midnight, to: midnight + 1000 * index },
            responders: respondersOf(...responders),
            failures: failures.map((at) => ({
              at: midnight + at,
              error: 'no reason given' as const,
            })),
          };
          store.append(id, readingOf(traces, reading));
          const periods = patterns.map((route, nth) =>
            periodAt(nth * 99, nth * 99 + 9, 2, { route }),
          );
          if (isFinalized) store.finalizeDay(id, midnight, periods);
          if (isFinalized) store.finalizeDay(id, midnight + day, []);
          if (alerts) fillAlerts(store, id);
          if (isFinalized) store.identities.assign(new Map([[id, 'test-0']]));
          if (alerts) store.identities.setPlannedAt([id], midnight + index);
          if (alerts) store.identities.setRetired(id, { at: midnight, by: 'template' });
        });
        store.setListedUntil('ma.example.net/esmond/perfsonar/archive', midnight + 5);
        store.startRun(runAt(midnight));
        store.finishRun(store.startRun(runAt(midnight + 1)), {
          ...runAt(midnight + 1),
          problems: [{ kind: 'unreachable', subject: 'ma', message: 'no\nanswer', remedy: null }],
        });
        if (forgotten) store.prune(midnight + 2 * day);

        const { lines, damage } = exported(from);
        const { complete, skipped, records } = imported(to, lines);
        expect({ complete, skipped, damage }).toEqual({ complete: true, skipped: [], damage: [] });
        expect(records).toBe(lines.length);
        expect(contentOf(storeIn(to))).toEqual(contentOf(store));
        expect(exported(to).lines).toEqual(lines);
      }),
      { numRuns: 25 },
    );
  });
});
