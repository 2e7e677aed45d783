import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';
import { describeTest } from '../esmond/testMetadata.ts';
import { probesFlows } from '../esmond/traceReader.ts';
import { durationMs, numberOf } from '../probeValues.ts';
import { textOf } from '../results/resultFormat.ts';
import type { TestDescription } from '../types.ts';
import type { Dialect, RunResult } from './dialect.ts';

/** Logstash collects results for a moment, and OpenSearch shows them up to a second later. */
const arrivalOverlapSeconds = 15 * 60;

/** Documents as the Logstash pipeline of perfSONAR 5 stores them in `pscheduler_trace`. */
export const pschedulerDialect: Dialect = {
  startField: 'pscheduler.start_time',
  arrivalField: '@timestamp',
  arrivalOverlapSeconds,
  hasSequence: true,
  fields: [
    'pscheduler.start_time',
    'pscheduler.test_checksum',
    'pscheduler.tool',
    'schedule.repeat',
    'test.spec',
    'meta.*.ip',
    'meta.*.hostname',
    'reference.display-task-name',
    'result.succeeded',
    'result.error',
    'result.json',
  ],
  startOf(document) {
    const text = jsonObject(document.pscheduler).start_time;
    const seconds = typeof text === 'string' ? Math.floor(Date.parse(text) / 1000) : Number.NaN;
    return Number.isSafeInteger(seconds) && seconds >= 0 ? seconds : null;
  },
  groupOf(document) {
    const { source, destination, observer } = jsonObject(document.meta);
    const { test_checksum: key, tool } = jsonObject(document.pscheduler);
    const ends = [source, destination, observer].map((end) => jsonObject(end).ip);
    return JSON.stringify([key, tool, ...ends]);
  },
  describe,
  resultOf,
};

/**
 * The same test as elmond would list, with the same key and id. elmond names only one of several
 * hosts with equal settings.
 */
function describe(document: JsonObject, archive: string): TestDescription | string | null {
  const pscheduler = jsonObject(document.pscheduler);
  const meta = jsonObject(document.meta);
  const [source, destination, observer] = [meta.source, meta.destination, meta.observer].map(
    jsonObject,
  );
  const spec = jsonObject(jsonObject(document.test).spec);
  const metadata = {
    'metadata-key': pscheduler.test_checksum,
    source: source?.ip,
    destination: destination?.ip,
    'measurement-agent': observer?.ip,
    'tool-name': pscheduler.tool,
    'input-source': spec.source ?? observer?.hostname ?? observer?.ip,
    'input-destination': spec.dest ?? destination?.hostname,
    'pscheduler-reference-display-task-name': jsonObject(document.reference)['display-task-name'],
    'event-types': [{ 'event-type': 'packet-trace' }, { 'event-type': 'failures' }],
    ...parametersOf(spec),
  };
  const test = describeTest(metadata, archive, 0);
  if (test === null || typeof test === 'string') return test;
  return { ...test, scheduleSeconds: repeatOf(document) };
}

/** Parameters under the names of elmond. elmond drops the fractions of two of them. */
function parametersOf(spec: JsonObject): JsonObject {
  const truncate = (value: unknown) => (typeof value === 'number' ? Math.trunc(value) : value);
  return {
    'ip-packet-size': spec.length,
    'ip-transport-protocol': spec['probe-type'],
    'ip-fragment': spec.fragment,
    'trace-algorithm': spec.algorithm,
    'trace-first-ttl': spec['first-ttl'],
    'trace-max-ttl': spec.hops,
    'trace-num-queries': spec.queries,
    'time-probe-interval': truncate(spec.sendwait),
    'time-test-timeout': truncate(spec.wait),
  };
}

/** Longer intervals than this are no schedule, seconds: ten years. */
const maxScheduleSeconds = 10 * 366 * 86_400;

/** A run without a schedule was started by hand: 0. */
function repeatOf(document: JsonObject): number | null {
  const { repeat } = jsonObject(document.schedule);
  if (repeat === undefined) return 0;
  const seconds = numberOf(repeat);
  return seconds >= 1 && seconds <= maxScheduleSeconds ? Math.round(seconds) : null;
}

/** A run that neither failed nor has hops is invalid, as is one without an outcome. */
function resultOf(document: JsonObject, test: TestDescription): RunResult {
  const { succeeded, error, json } = jsonObject(document.result);
  if (succeeded === false) return { error: textOf(error) };
  if (succeeded !== true || !Array.isArray(json) || !json.every(Array.isArray)) return null;
  const flows: unknown[][] = json;
  for (const flow of flows) flow.forEach(toHopRecord);
  if (probesFlows(test) && flows.length > 1) return { val: flows };
  return { val: flows.find((flow) => flow.length > 0) ?? [] };
}

/** Turns a hop of pScheduler into a record of esmond, in place: a response has many thousands. */
function toHopRecord(hop: unknown, index: number): void {
  if (typeof hop !== 'object' || hop === null) return;
  const record = hop as Record<string, unknown>;
  record.ttl = index + 1;
  if (record.rtt !== undefined) record.rtt = durationMs(record.rtt);
  if (record.error !== undefined) record['error-message'] = record.error;
}
