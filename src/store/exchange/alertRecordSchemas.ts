import { z } from 'zod';
import { messageKinds } from '../../model/alerting/outbox.ts';
import { changeClasses, severities } from '../../model/change/change.ts';
import { gradingReasons } from '../../model/change/grading.ts';
import { routeChangeReasons } from '../../model/change/routeChange.ts';
import { address, asn, at, count, testId, text } from './recordFields.ts';

/** The lines of an export about changes and notifications. */

const id = text.min(1).max(400);
const figure = z.number().min(-1e12).max(1e12);
const severity = z.enum(severities);
const changeClass = z.enum(changeClasses);

const verdict = z.object({
  effect: z.enum(['worse', 'better', 'same', 'unknown']),
  rttBeforeMs: figure.nullable(),
  rttAfterMs: figure.nullable(),
  shiftMs: figure.nullable(),
  shiftCiMs: z.tuple([figure, figure]).nullable(),
  samplesBefore: figure,
  samplesAfter: figure,
  measuredTo: text.nullable(),
  lossBeforePct: figure.nullable(),
  lossAfterPct: figure.nullable(),
  hopsBefore: figure.nullable(),
  hopsAfter: figure.nullable(),
  mtuBefore: figure.nullable(),
  mtuAfter: figure.nullable(),
  sure: z.exactOptional(z.boolean()),
});

const alignedHop = z.object({
  mark: z.enum(['same', 'removed', 'added', 'replaced', 'silent']),
  before: z.array(address),
  after: z.array(address),
  ttls: z.exactOptional(z.tuple([count.nullable(), count.nullable()])),
});

const step = z.object({
  noiseMs: figure,
  leastStepMs: figure,
  riseSeconds: figure,
  daysCompared: count,
  daysWithRise: count,
  daily: z.object({ fromHour: count, toHour: count, heightMs: figure }).nullable(),
});

const changedDevice = z.object({
  name: text.nullable(),
  asn: asn.nullable(),
  place: text.nullable(),
  ttl: count,
});

const deviceShare = z.object({ name: text.nullable(), share: figure });

const routeChange = z.object({
  level: z.enum(['inter_as', 'intra_as', 'same_site']),
  reason: z.enum(routeChangeReasons),
  removed: z.array(changedDevice),
  added: z.array(changedDevice),
  shares: z.exactOptional(
    z.array(z.object({ ttl: count, before: z.array(deviceShare), after: z.array(deviceShare) })),
  ),
  evidenceNats: figure,
  traces: count,
  firstAsn: asn.nullable(),
});

const grading = z.object({
  company: z.array(testId),
  reasons: z.array(z.tuple([z.enum(gradingReasons), figure])),
});

/** A `Change` of the model, its fields in the order in which the detection adds them. */
const change = z.object({
  id,
  testId,
  class: changeClass,
  severity,
  // Older exports lack the field.
  confidence: z.number().min(0).max(1).nullable().default(null),
  closes: z.array(changeClass),
  detectedAt: at,
  onset: z.object({ after: at.nullable(), by: at }),
  fromAsPath: z.array(asn),
  toAsPath: z.array(asn),
  route: z.array(alignedHop),
  evidence: z.object({
    removed: z.array(text),
    added: z.array(text),
    removedLinks: z.array(text),
    asns: z.array(asn),
    edge: z.tuple([text, text]).nullable(),
    adjacent: z.exactOptional(z.array(text)),
  }),
  prevalence: figure.nullable(),
  usedSince: at.nullable(),
  seenBeforeAt: at.nullable(),
  verdict,
  icmpError: text.nullable(),
  routeChange: z.exactOptional(routeChange),
  step: z.exactOptional(step),
  policy: z.exactOptional(z.object({ rule: text, expected: text, found: text })),
  grading: z.exactOptional(grading),
  reassessedAt: z.exactOptional(at),
});

const member = z.object({
  changeId: id,
  testId,
  class: changeClass,
  severity,
  detectedAt: at,
  after: at,
  by: at,
  closedAt: at.nullable(),
  accepted: z.exactOptional(z.boolean()),
});

/** An `Incident` of the model. */
const incident = z.object({
  id,
  members: z.array(member),
  status: z.enum(['growing', 'open', 'recovered', 'accepted']),
  severity,
  from: at,
  to: at.nullable(),
  suspect: z.object({
    kind: z.enum(['link', 'router', 'host', 'source', 'destination', 'archive', 'unknown']),
    name: text,
  }),
  tests: z.array(testId),
  unaffectedTests: z.array(testId),
});

const notice = z.object({
  incidentId: id,
  kind: z.enum(['alert', 'update', 'recovered', 'accepted', 'digest']),
  tests: count,
  severity,
  endedAt: at.nullable(),
  subject: z.exactOptional(text),
});

/** A serialized state; its reader checks the version. */
const engine = z.looseObject({ version: count });

/** Every kind of line about changes. */
export const alertRecordSchemas = [
  z.object({
    record: z.literal('detection'),
    test: testId,
    until: at,
    elements: z.array(text),
    engine,
  }),
  z.object({ record: z.literal('detectionCheckpoint'), test: testId, until: at, engine }),
  z.object({ record: z.literal('lateArrival'), test: testId, from: at }),
  z.object({ record: z.literal('meshState'), name: text, engine: z.looseObject({}) }),
  z.object({ record: z.literal('pendingFinding'), finding: z.unknown() }),
  z.object({
    record: z.literal('change'),
    change,
    incidentId: id.nullable(),
    closedAt: at.nullable(),
    accepted: z.boolean(),
  }),
  z.object({ record: z.literal('incident'), incident, engine: z.unknown() }),
  z.object({ record: z.literal('mergedIncident'), id, into: id }),
  z.object({
    record: z.literal('silence'),
    id,
    from: at,
    until: at,
    reason: text,
    by: text.nullable(),
    tests: z.array(text),
    groups: z.array(text),
    elements: z.array(text),
    classes: z.array(changeClass),
  }),
  z.object({
    record: z.literal('acknowledgement'),
    incidentId: id,
    at,
    by: text.nullable(),
    note: text.nullable(),
  }),
  z.object({
    record: z.literal('acceptance'),
    changeId: id,
    at,
    by: text.nullable(),
    note: text.nullable(),
  }),
  z.object({
    record: z.literal('message'),
    key: text,
    recipient: text,
    kind: z.enum(messageKinds),
    thread: text.nullable(),
    plannedAt: at,
    messageId: text,
    notices: z.array(notice),
    body: z.string().nullable(),
    state: z.enum(['waiting', 'sent', 'failed']),
    attempts: count,
    nextAttemptAt: at,
    finishedAt: at.nullable(),
    note: z.string().nullable(),
  }),
] as const;
