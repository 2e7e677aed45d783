import type { Route, Trace } from '../../model/trace.ts';
import type { Tables } from '../tables.ts';
import { appendTraces } from '../traces/appendTraces.ts';
import { InvalidRecordError } from './invalidRecord.ts';
import type { RecordOf } from './recordSchemas.ts';

/** The lines of an export that belong to one test and its traces. */
export interface TestSection {
  /** Begins the lines of a test that is known. */
  begin(test: string): void;
  /** Number of a test; throws `Damage` for one that is not known. */
  numberOf(test: string): number;
  addRoute(record: RecordOf<'route'>): void;
  addTrace(record: RecordOf<'trace'>): void;
  /** Stores the traces that were taken since the last time. */
  flush(): void;
  /** Traces stored so far that were not there yet. */
  added(): number;
}

/** Traces wait in memory until `flush`, for each append rewrites hours of them. */
export function createTestSection(tables: Tables): TestSection {
  const { tests } = tables;
  let routes = new Map<number, Route>();
  let current = '';
  let pending: Trace[] = [];
  let added = 0;

  function numberOf(test: string): number {
    if (!tests.has(test)) throw new InvalidRecordError(`the test ${test} is not known`);
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
        throw new InvalidRecordError(`the route ${number} of ${test} is not known`);
      const trace = { ...rest, route };
      if (!matchesRoute(trace)) throw new InvalidRecordError('the numbers do not match the route');
      pending.push(trace);
    },
    flush,
    added: () => added,
  };
}

/** One time of each kind for each address, and probe counts for each hop and address. */
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
