import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../../../src/analysis/detection/finding.ts';
import type { GradedMesh } from '../../../../../src/analysis/detection/mesh/gradedMesh.ts';
import { gradeFindings } from '../../../../../src/analysis/detection/mesh/gradeFindings.ts';
import { createMeshState } from '../../../../../src/analysis/detection/mesh/meshState.ts';
import { blankChange } from '../../../../../src/model/change/blankChange.ts';
import type { Change, Severity } from '../../../../../src/model/change/change.ts';
import type { GradingReason } from '../../../../../src/model/change/grading.ts';
import type { ChangedDevice, RouteChange } from '../../../../../src/model/change/routeChange.ts';

const interval = 600;
const start = 1_000_000;
/** The ASes of the paths: the source's, a transit, and the destination's, which is a cloud. */
const [campus, transit, cloud] = [64500, 64510, 64520];

const device = (name: string, asn: number, place: string | null = null): ChangedDevice => ({
  ...{ name, asn, place, ttl: 5 },
});

/** A change within `asn` from one city to another. */
function moved(asn: number, from: string, to: string, parts: Partial<RouteChange> = {}) {
  const [left, came] = [`${from}.as${asn}.example`, `${to}.as${asn}.example`];
  const routeChange: RouteChange = {
    level: 'intra_as',
    reason: 'place',
    removed: [device(`cr1.${left}`, asn, left)],
    added: [device(`cr1.${came}`, asn, came)],
    evidenceNats: 9,
    traces: 2,
    firstAsn: campus,
    ...parts,
  };
  return routeChange;
}

/** A finding about test `id` (`source>destination`), detected one trace after its onset. */
function change(id: string, at: number, routeChange: RouteChange, parts: Partial<Change> = {}) {
  const blank = blankChange(id, routeChange.level, 'moderate', start + at + interval);
  const names = (devices: readonly ChangedDevice[]) => devices.flatMap(({ name }) => name ?? []);
  const removed = names(routeChange.removed);
  const evidence = { ...blank.evidence, removed, added: names(routeChange.added) };
  const onset = { after: start + at - interval, by: start + at };
  const fromAsPath = [campus, transit, cloud];
  const full = { ...blank, routeChange, evidence, onset, fromAsPath, prevalence: 0.99, ...parts };
  return { kind: 'change', change: full, elements: [] } satisfies Finding;
}

type Moved = ReturnType<typeof change>;

/** A mesh whose tests all pass the same ASes; the parts of an id behind `#` tell tests of a pair apart. */
function meshOf(...ids: readonly string[]): GradedMesh {
  return {
    testOf(id) {
      const [source = '', destination = ''] = id.split('#')[0]?.split('>') ?? [];
      return { source, destination, intervalSeconds: interval };
    },
    testsThrough: () => new Set(ids),
  };
}

/** The last grade of each change, in the order of detection. */
function grade(findings: readonly Finding[], mesh = meshOf('a>x', 'a>y', 'b>x', 'b>y', 'c>z')) {
  const grades = new Map<string, { at: number; reasons: GradingReason[]; sure: boolean }>();
  const severities = new Map<string, Severity>();
  for (const finding of gradeFindings(createMeshState(), findings, mesh)) {
    if (finding.kind !== 'change' && finding.kind !== 'regraded') continue;
    const graded = finding.kind === 'change' ? finding.change : finding;
    const id = finding.kind === 'change' ? finding.change.id : finding.changeId;
    if (finding.kind === 'change') severities.set(id, finding.change.severity);
    const at = finding.kind === 'change' ? finding.change.detectedAt : finding.at;
    const reasons = (graded.grading?.reasons ?? []).map(([reason]) => reason);
    grades.set(id, { at: at - start, reasons, sure: (graded.confidence ?? 0) >= 0.5 });
  }
  return { grades: [...grades.values()], severities: [...severities.values()] };
}

const reasonsOf = (findings: readonly Finding[], mesh?: GradedMesh) =>
  grade(findings, mesh).grades.map(({ reasons }) => reasons);

describe('a change within the AS of the destination', () => {
  const alone = [change('a>x', 0, moved(cloud, 'fra', 'par'))];

  test('is unsure when other tests through that AS do not show it', () => {
    const { grades, severities } = grade(alone);
    expect(grades).toEqual([{ at: interval, reasons: ['interior'], sure: false }]);
    expect(severities).toEqual(['info']);
  });

  test('is sure when its times moved', () => {
    const slower = change('a>x', 0, moved(cloud, 'fra', 'par', { reason: 'time' }));
    expect(reasonsOf([slower])).toEqual([[]]);
  });

  test('is sure when no other test could show it', () => {
    expect(grade(alone, meshOf('a>x')).grades).toEqual([{ at: interval, reasons: [], sure: true }]);
  });

  test('is sure from the moment on when a second test shows it, and so is the second', () => {
    const second = change('b>y', interval, moved(cloud, 'fra', 'par'));
    expect(grade([...alone, second]).grades).toEqual([
      { at: 2 * interval, reasons: ['company'], sure: true },
      { at: 2 * interval, reasons: ['company'], sure: true },
    ]);
  });

  test('has no company in a change elsewhere, or an hour later', () => {
    const elsewhere = change('b>y', 0, moved(cloud, 'sin', 'hkg'));
    const later = change('b>y', 6 * interval, moved(cloud, 'fra', 'par'));
    for (const other of [elsewhere, later])
      expect(reasonsOf([...alone, other])).toEqual([['interior'], ['interior']]);
  });

  test('has company in tests of another pair only, and in other cities only', () => {
    const samePair = change('a>x', 300, moved(cloud, 'fra', 'par'), { testId: 'a>x#tcp' });
    expect(grade([...alone, samePair], meshOf('a>x', 'b>y')).grades[0]?.reasons).toEqual([
      'interior',
    ]);
    const sameCities = { reason: 'hops' as const, removed: [], added: [] };
    const fra = device('cr2.fra.cloud.example', cloud, `fra.as${cloud}.example`);
    const hop = moved(cloud, 'fra', 'fra', { ...sameCities, removed: [fra], added: [fra] });
    expect(reasonsOf([...alone, change('b>y', 0, hop)])).toEqual([
      ['interior'],
      ['routers', 'interior'],
    ]);
  });

  test.each(['hops', 'routers'] as const)('says nothing by %s alone', (reason) => {
    const fra = (number: number) =>
      device(`cr${number}.fra.cloud.example`, cloud, `fra.as${cloud}.example`);
    const same = { reason, removed: [fra(1)], added: [fra(2)] };
    const [reasons] = reasonsOf([change('a>x', 0, moved(cloud, 'fra', 'fra', same))]);
    expect(reasons).toContain('routers');
  });

  test('is one too when its source hashes the flow anew within the first AS', () => {
    const { removed, added, ...route } = moved(cloud, 'fra', 'par');
    const near = (address: string) => device(address, campus);
    const hashed = {
      ...route,
      removed: [near('192.0.2.1'), ...removed],
      added: [near('192.0.2.5'), ...added],
    };
    expect(reasonsOf([change('a>x', 0, hashed)])).toEqual([['interior']]);
    const sameHash = ['a>x', 'b>y'].map((id, nth) => {
      const to = nth === 0 ? 'par' : 'lon';
      const other = moved(cloud, nth === 0 ? 'fra' : 'dub', to);
      return change(id, 0, {
        ...hashed,
        removed: [near('192.0.2.1'), ...other.removed],
        added: other.added,
      });
    });
    expect(reasonsOf(sameHash)).toEqual([['interior'], ['interior']]);
  });

  test('is none when the first AS moved it to another city', () => {
    const first = moved(campus, 'fra', 'par');
    const then = moved(cloud, 'fra', 'par');
    const both = {
      ...first,
      removed: [...first.removed, ...then.removed],
      added: [...first.added, ...then.added],
    };
    expect(reasonsOf([change('a>x', 0, both)])).toEqual([[]]);
  });

  test('is unsure when it comes again within 24 traces, and so is what it alone confirms', () => {
    const there = change('a>x', 0, moved(cloud, 'fra', 'par'));
    const back = change('a>x', 20 * interval, moved(cloud, 'par', 'fra'));
    const other = change('b>y', 20 * interval, moved(cloud, 'par', 'fra'));
    expect(reasonsOf([there, back, other])).toEqual([
      ['interior'],
      ['repeat', 'company'],
      ['interior'],
    ]);
    expect(grade([there, back, other]).grades.map(({ sure }) => sure)).toEqual([
      false,
      false,
      false,
    ]);
  });

  test('is unsure at the fourth time within 96 traces', () => {
    const often = [0, 25, 50, 75].map((nth) =>
      change('a>x', nth * interval, moved(cloud, 'fra', 'par')),
    );
    expect(reasonsOf(often, meshOf('a>x'))).toEqual([[], [], [], ['repeat']]);
  });
});

describe('a change within a transit AS', () => {
  const reroute = change('a>x', 0, moved(transit, 'fra', 'par'));

  test('is sure without company: a mesh may have one test', () => {
    expect(grade([reroute]).grades).toEqual([{ at: interval, reasons: [], sure: true }]);
  });

  test('is unsure when only the routers differ', () => {
    const routers = change('a>x', 0, moved(transit, 'fra', 'par', { reason: 'routers' }));
    expect(reasonsOf([routers])).toEqual([['routers']]);
    expect(grade([routers]).severities).toEqual(['info']);
  });

  const [first, second, third] = ['y', 'z', 'w'].map((to, nth) =>
    change(`a>${to}`, 0, moved(64530 + nth, 'sin', 'hkg')),
  ) as [Moved, Moved, Moved];
  const others = [first, second, third];

  test('is unsure when tests to three other destinations changed elsewhere: flows hashed anew', () => {
    expect(reasonsOf([reroute, ...others])).toEqual(Array(4).fill(['rehash']));
    expect(reasonsOf([reroute, first, second])[0]).toEqual([]);
  });

  test('is not hashed anew when one of them has another source, destination, time or AS', () => {
    const elsewhere = change('b>w', 0, moved(64532, 'lon', 'nyc'));
    const again = change('a>y', 300, moved(64532, 'lon', 'nyc'), { testId: 'a>y#tcp' });
    const later = change('a>w', 4 * interval, moved(64532, 'lon', 'nyc'));
    const sameAs = change('a>w', 0, moved(transit, 'lon', 'nyc'));
    const noticedLate = { ...third, change: { ...third.change, detectedAt: start + 6000 } };
    for (const other of [elsewhere, again, later, sameAs, noticedLate])
      expect(reasonsOf([reroute, first, second, other])[0]).toEqual([]);
  });

  test('is not hashed anew when its times moved, or a test of another source shares it', () => {
    const slower = change('a>x', 0, moved(transit, 'fra', 'par', { reason: 'time' }));
    expect(reasonsOf([slower, ...others])[0]).toEqual([]);
    const shared = change('b>x', 0, moved(transit, 'fra', 'par'));
    expect(reasonsOf([reroute, ...others, shared])[0]).toEqual(['company']);
  });

  test('into another AS is told even when flows were hashed anew', () => {
    const inter = change(
      'a>x',
      0,
      moved(transit, 'fra', 'par', { level: 'inter_as', reason: 'as' }),
    );
    expect(grade([inter, ...others]).grades[0]).toMatchObject({ reasons: [], sure: true });
  });
});

test('findings about times, ends and tests pass unchanged', () => {
  const findings: Finding[] = [
    { kind: 'change', change: blankChange('a>x', 'rtt_shift', 'info', start), elements: [] },
    { kind: 'change', change: blankChange('a>x', 'recovered', 'info', start), elements: [] },
    { kind: 'accepted', testId: 'a>x', at: start, classes: ['intra_as'] },
  ];
  expect(gradeFindings(createMeshState(), findings, meshOf())).toEqual(findings);
});

test('a change that arrives late finds its company', () => {
  const state = createMeshState();
  const mesh = meshOf('a>x', 'b>y');
  const [first, second] = [0, interval].map((at, nth) =>
    change(nth === 0 ? 'a>x' : 'b>y', at, moved(cloud, 'fra', 'par')),
  );
  gradeFindings(state, [second as Finding], mesh);
  const late = gradeFindings(state, [first as Finding], mesh);
  expect(late.map(({ kind }) => kind)).toEqual(['change', 'regraded']);
  expect(late[0]).toMatchObject({ change: { grading: { company: ['b>y'] } } });
});

test('changes of days ago are not remembered', () => {
  const state = createMeshState();
  const mesh = meshOf('a>x');
  for (const day of [0, 1, 2, 3])
    gradeFindings(state, [change('a>x', day * 90_000, moved(transit, 'fra', 'par'))], mesh);
  expect(state.recent).toHaveLength(1);
});
