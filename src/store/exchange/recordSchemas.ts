import { z } from 'zod';
import { retirers } from '../../model/test/test.ts';
import { alertRecordSchemas } from './alertRecordSchemas.ts';
import { address, asn, at, count, midnight, seconds, testId, text, ttl } from './recordFields.ts';
import { runSchema } from './runRecordSchema.ts';

/**
 * The lines of an export: JSON objects whose kind is `record`. Times are epoch seconds. The lines
 * of a test follow each other, a route comes before its traces, and `testState` comes after them.
 * The schemas check every line, because a line may be damaged or hostile.
 */

const endpoint = z.object({ address: address.nullable(), name: text });

function isAscending(hops: readonly { readonly ttl: number }[]): boolean {
  return hops.every((hop, index) => index === 0 || hop.ttl === (hops[index - 1]?.ttl ?? 0) + 1);
}

const orderError = { error: 'ttls are not consecutive' };

const routeHop = z.object({
  ttl,
  addresses: z.array(address),
  mtu: count.nullable(),
  error: text.min(1).nullable(),
});

const patternHop = z.object({ ttl, addresses: z.array(address), asn: asn.nullable() });

const time = z.number().min(0).max(1e12).nullable();
const times = z.array(time);
const spread = z.object({ avgMs: times, worstMs: times, stdevMs: times, jitterMs: times });

const namedAnswer = z.object({
  ttl,
  name: text,
  received: count.nullable(),
  rttMs: time,
  avgMs: time,
  worstMs: time,
  stdevMs: time,
  jitterMs: time,
});

/** Every kind of line. */
export const recordSchema = z.discriminatedUnion('record', [
  z.object({ record: z.literal('pstrace'), version: z.int().min(1) }),
  z.object({
    record: z.literal('responder'),
    address,
    hostname: text.nullable(),
    asn: asn.nullable(),
    asName: text.nullable(),
    origin: text.nullable().default(null),
  }),
  z.object({ record: z.literal('alias'), address, name: text }),
  z.object({ record: z.literal('nearAddress'), address, ttl }),
  z.object({
    record: z.literal('test'),
    id: testId,
    archive: text,
    key: text,
    tool: text,
    source: endpoint,
    destination: endpoint,
    family: z.union([z.literal(4), z.literal(6)]),
    taskName: text.nullable(),
    parameters: z.record(z.string(), text),
    eventTypes: z.array(text),
    firstSeenAt: at,
    lastListedAt: at,
  }),
  z.object({
    record: z.literal('route'),
    test: testId,
    route: count,
    reached: z.boolean(),
    pathMtu: count.nullable(),
    hops: z.array(routeHop).refine(isAscending, orderError),
  }),
  z.object({
    record: z.literal('trace'),
    test: testId,
    startedAt: at,
    route: count,
    rttMs: times,
    probes: z
      .object({
        sent: z.array(count),
        received: z.array(count),
        spread: z.exactOptional(spread),
      })
      .nullable(),
    named: z.exactOptional(z.array(namedAnswer)),
  }),
  z.object({ record: z.literal('failure'), test: testId, at, error: text }),
  z.object({
    record: z.literal('routePeriod'),
    test: testId,
    from: at,
    to: at,
    traces: z.int().min(1),
    reached: z.boolean(),
    continues: z.boolean(),
    route: z.array(patternHop).refine(isAscending, orderError),
  }),
  z.object({ record: z.literal('coverage'), test: testId, from: seconds, to: seconds }),
  z.object({
    record: z.literal('testState'),
    test: testId,
    newestTraceAt: at.nullable(),
    intervalSeconds: z.int().min(1).nullable(),
    finalizedUntil: midnight.nullable(),
    prunedUntil: midnight.nullable(),
    watchedSince: at.nullable().default(null),
    policy: z.unknown().default(null),
    plannedAt: at.nullable().default(null),
    retired: z
      .object({ at, by: z.enum(retirers) })
      .nullable()
      .default(null),
  }),
  z.object({ record: z.literal('testName'), test: testId, key: testId }),
  z.object({ record: z.literal('archive'), id: text, listedUntil: at }),
  z.object({ record: z.literal('run'), number: z.int().min(1), run: runSchema }),
  ...alertRecordSchemas,
  z.object({ record: z.literal('end'), records: count }),
]);

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

/** One line of an export. */
export type StoreRecord = DeepReadonly<z.output<typeof recordSchema>>;

/** The line of one kind. */
export type RecordOf<Kind extends StoreRecord['record']> = Extract<StoreRecord, { record: Kind }>;

/** Functions that store lines of some kinds. */
export type RecordHandlers<Kinds extends StoreRecord['record']> = {
  [Kind in Kinds]: (record: RecordOf<Kind>) => void;
};
