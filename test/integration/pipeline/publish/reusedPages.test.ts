import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Route, Trace } from '../../../../src/model/trace/trace.ts';
import { publishSite } from '../../../../src/pipeline/publish/publishSite.ts';
import { currentContext } from '../../../../src/pipeline/publish/siteContext.ts';
import { openStore } from '../../../../src/store/open.ts';
import type { Store } from '../../../../src/store/store.ts';
import { sessionAt } from '../../../helpers/sessionAt.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { seen } from '../../report/publishing.ts';
import { listedTest, midnight, respondersOf, routeThrough } from '../../store/samples.ts';

/** Two ways of one pair, a second tool on one of them, and another pair. */
const ends = { a: '192.0.2.1', b: '192.0.2.2', c: '192.0.2.3' };
const tests = [
  ['a', 'b', 'traceroute'],
  ['b', 'a', 'traceroute'],
  ['a', 'b', 'tracepath'],
  ['a', 'c', 'traceroute'],
] as const;
const idOf = (index: number) => `test-${index}`;
const endpoint = (name: keyof typeof ends) => ({
  address: ends[name],
  name: `${name}.example.net`,
});

const routers = ['198.51.100.1', '198.51.100.2', '198.51.100.3'];

function routesTo(destination: string): Route[] {
  const paths = [routers.slice(0, 2), routers.slice(1), [routers[0] as string, null]];
  const whole = paths.map((path) => routeThrough(...path, destination));
  return [...whole, { ...routeThrough(...routers), reached: false }];
}

/** What a run finds: for each test traces (seconds before the run, route, RTT in ms), failures, names. */
const found = fc.record({
  traces: fc.array(
    fc.record({
      test: fc.nat(tests.length - 1),
      ago: fc.nat(7200),
      route: fc.nat(3),
      rttMs: fc.option(fc.integer({ min: 1, max: 400 })),
    }),
    { maxLength: 6 },
  ),
  failing: fc.option(fc.nat(tests.length - 1), { freq: 4 }),
  named: fc.option(fc.tuple(fc.constantFrom(...routers), fc.nat(2)), { freq: 4 }),
});

/** Runs: how long after the one before, over what window, and what they find. */
const course = fc.array(
  fc.record({
    after: fc.constantFrom(0, 1, 600, 1800, 20_000, 200_000),
    hours: fc.constantFrom(6, 6, 6, 24),
    found,
  }),
  { minLength: 3, maxLength: 6 },
);

type Course = typeof course extends fc.Arbitrary<infer Each> ? Each : never;
type Found = typeof found extends fc.Arbitrary<infer Each> ? Each : never;

function take(store: Store, at: number, { traces, failing, named }: Found): void {
  const facts = named && { address: named[0], hostname: `r${named[1]}.example.net`, asn: 64500 };
  const responders = respondersOf(...(facts ? [{ ...facts, asName: 'Net' }] : []));
  tests.forEach(([, destination], index) => {
    const own = traces.filter((each) => each.test === index);
    store.append(idOf(index), {
      interval: { from: at - 7200, to: at },
      responders,
      failures: failing === index ? [{ at, error: 'a host of the test did not respond' }] : [],
      traces: own.map(({ ago, route, rttMs }): Trace => {
        const taken = routesTo(ends[destination])[route] as Route;
        const times = taken.hops.flatMap(({ addresses }) => addresses.map(() => rttMs));
        return { startedAt: at - ago, route: taken, rttMs: times, probes: null };
      }),
    });
  });
}

/** Pictures stay for as long as the traces that they show. */
type Files = Readonly<Record<string, string>>;

function withoutPictures(site: Files): Files {
  return Object.fromEntries(Object.entries(site).filter(([path]) => !path.startsWith('routes/')));
}

/** Of a mesh without changes. */
const input = {
  plan: null,
  changes: { records: [], incidents: [], acknowledgements: [] },
  listContext: { title: 'Mesh', siteUrl: null, groups: [] },
  messages: null,
  picturesSince: 0,
  metricsFromDay: 0,
};

/**
 * Publishes each run of a course twice: into a site that stays, and into an empty folder. Calls
 * `compare` with the files of both.
 */
async function eachRun(
  runs: Course,
  redrawSeconds: number,
  compare: (kept: Files, drawn: Files) => void,
): Promise<void> {
  const home = tempDir();
  const store = openStore(join(home, 'var'), midnight);
  try {
    store.upsertTests(
      tests.map(([source, destination, tool], index) =>
        listedTest(idOf(index), {
          ...{ source: endpoint(source), destination: endpoint(destination), tool },
        }),
      ),
      midnight,
    );
    let at = midnight + 40_000;
    for (const [number, { after, hours, found: news }] of runs.entries()) {
      at += after;
      take(store, at, news);
      const context = currentContext({ from: at - hours * 3600, to: at }, 'Mesh', []);
      const into = (folder: string) =>
        publishSite(
          { out: join(home, folder), pageMode: 0o644 },
          { ...input, redrawSeconds, context, view: { ...store, metricsOf: () => [], mask: null } },
          sessionAt(at),
        );
      const kept = await into('kept');
      const drawn = await into(`drawn-${number}`);
      if (kept === null || drawn === null) continue;
      const pages = (folder: string) => withoutPictures(seen(join(home, folder)));
      compare(pages('kept'), pages(`drawn-${number}`));
    }
  } finally {
    store.close();
  }
}

const numRuns = process.env.PSTRACE_FAULTS === 'long' ? 100 : 10;

test('pages that a run keeps are those that it would have drawn', async () => {
  await fc.assert(
    fc.asyncProperty(course, (runs) =>
      eachRun(runs, 0, (kept, drawn) => expect(kept).toEqual(drawn)),
    ),
    { numRuns },
  );
});

/** The JSON of a test, with routes in place of their letters. */
function withoutLetters(text: string): object {
  const { variants, routePeriods, ...rest } = JSON.parse(text);
  const plain = (each: Record<string, unknown>) => ({ ...each, letter: null, variant: null });
  return { ...rest, variants: variants.map(plain), routePeriods: routePeriods.map(plain) };
}

function stateOn(page: string | undefined): string | undefined {
  return /<span class="state (\w+)"/.exec(page ?? '')?.[1];
}

/** The runs with a trace of each test every ten minutes, and little else. */
function calm(runs: Course): Course {
  const regular = tests.flatMap((_, index) =>
    Array.from({ length: 12 }, (__, slot) => ({
      ...{ test: index, ago: 600 * slot, route: 0, rttMs: 20 + slot },
    })),
  );
  return runs.map((run) => {
    const traces = [...regular, ...run.found.traces.slice(0, 1)];
    return { ...run, found: { ...run.found, traces } };
  });
}

test('between two drawings, pages show the present state, and data files are exact', async () => {
  let retained = 0;
  await fc.assert(
    fc.asyncProperty(course, (runs) =>
      eachRun(calm(runs), 3 * 3600, (kept, drawn) => {
        expect(Object.keys(kept)).toEqual(Object.keys(drawn));
        for (const [path, body] of Object.entries(drawn)) {
          const own = kept[path] as string;
          if (path.startsWith('data/tests/'))
            expect(withoutLetters(own)).toEqual(withoutLetters(body));
          if (path.startsWith('data/matrix')) expect(own).toBe(body);
          if (!path.endsWith('.html')) continue;
          expect(stateOn(own)).toBe(stateOn(body));
          if (path.startsWith('tests/') && own !== body) retained += 1;
        }
      }),
    ),
    { numRuns },
  );
  expect(retained).toBeGreaterThan(0);
});
