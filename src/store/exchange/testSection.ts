import type { Route, Trace } from '../../model/trace/trace.ts';
import type { Tables } from '../tables.ts';
import { appendTraces } from '../traces/appendTraces.ts';
import { InvalidRecordError } from './invalidRecord.ts';
import type { RecordOf } from './recordSchemas.ts';

/** The lines of an export about one test and its traces. */
export interface TestSection {
  /** Starts the lines of a stored test. */
  begin(test: string): void;
  /** The number of a test. Throws `InvalidRecordError` for an unknown test. */
  numberOf(test: string): number;
  addRoute(record: RecordOf<'route'>): void;
  addTrace(record: RecordOf<'trace'>): void;
  /** Stores the traces that were added since the last call. */
  flush(): void;
  /** Number of new traces stored so far. */
  added(): number;
}

/** Collects traces until `flush`, because each append rewrites hours of traces. */
export function createTestSection(tables: Tables): TestSection {
  const { tests } = tables;
  let routes = new Map<number, Route>();
  let current = '';
  let pending: Trace[] = [];
  let added = 0;

  function numberOf(test: string): number {
    if (!tests.has(test)) throw new InvalidRecordError(`test ${test} is unknown`);
    return tests.find(test).number;
  }

  function flush(): void {
    if (pending.length > 0) added += appendTraces(tables, tests.find(current), pending);
    pending = [];
  }

  function begin(test: string): void {
    flush();
    routes = new Map();
    current = test;
  }

  return {
    begin,
    numberOf,
    addRoute({ record: _, test, route, ...rest }) {
      numberOf(test);
      if (test !== current) begin(test);
      routes.set(route, rest);
    },
    addTrace({ record: _, test, route: number, ...rest }) {
      const route = test === current ? routes.get(number) : undefined;
      if (route === undefined)
        throw new InvalidRecordError(`route ${number} of test ${test} is unknown`);
      const trace = { ...rest, route };
      if (!matchesRoute(trace))
        throw new InvalidRecordError('its times or probe counts do not match the route');
      pending.push(trace);
    },
    flush,
    added: () => added,
  };
}

/** Whether each address has one time of each kind, and each hop and address its probe counts. */
function matchesRoute({ route, rttMs, probes }: Trace): boolean {
  const addresses = route.hops.reduce((sum, hop) => sum + hop.addresses.length, 0);
  if (rttMs.length !== addresses) return false;
  if (probes === null) return true;
  const perAddress = [probes.received, ...Object.values(probes.spread ?? {})];
  return (
    probes.sent.length === route.hops.length &&
    perAddress.every(({ length }) => length === addresses)
  );
}
