import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../../../src/analysis/detection/finding.ts';
import type { GradedMesh } from '../../../../../src/analysis/detection/mesh/gradedMesh.ts';
import { gradeFindings } from '../../../../../src/analysis/detection/mesh/gradeFindings.ts';
import { createMeshState } from '../../../../../src/analysis/detection/mesh/meshState.ts';
import { blankChange } from '../../../../../src/model/blankChange.ts';
import type { Change, Severity } from '../../../../../src/model/change.ts';
import type { GradingReason } from '../../../../../src/model/grading.ts';
import type { ChangedDevice, RouteChange } from '../../../../../src/model/routeChange.ts';

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

/** A mesh whose tests all pass the same ASes. */
function meshOf(...ids: readonly string[]): GradedMesh {
  return {
    testOf: (id) => ({ source: id.split('>')[0] ?? '', intervalSeconds: interval }),
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

  test('is unsure when it comes again within 24 traces, even in company', () => {
    const again = ['a>x', 'b>y'].flatMap((id) => [
      change(id, 0, moved(cloud, 'fra', 'par')),
      change(id, 20 * interval, moved(cloud, 'par', 'fra')),
    ]);
    const inOrder = again.toSorted((a, b) => a.change.detectedAt - b.change.detectedAt);
    const { grades } = grade(inOrder);
    expect(grades.map(({ sure }) => sure)).toEqual([true, true, false, false]);
    expect(grades.at(-1)?.reasons).toContain('repeat');
  });

  test('is unsure when the old route was only one of several in turn', () => {
    const changed = change('a>x', 0, moved(cloud, 'fra', 'par'), { prevalence: 0.4 });
    expect(reasonsOf([changed], meshOf('a>x'))).toEqual([['alternate']]);
  });
});

describe('a change within a transit AS', () => {
  const reroute = change('a>x', 0, moved(transit, 'fra', 'par'));

  test('is sure without company: a mesh may have one test', () => {
    expect(grade([reroute]).grades).toEqual([{ at: interval, reasons: [], sure: true }]);
  });

  test('is minor when only other routers are known of it', () => {
    const routers = change('a>x', 0, moved(transit, 'fra', 'par', { reason: 'routers' }));
    expect(reasonsOf([routers])).toEqual([['routers']]);
    expect(grade([routers]).severities).toEqual(['minor']);
  });

  const others = [
    change('a>y', 0, moved(transit, 'sin', 'hkg')),
    change('a>z', interval, moved(transit, 'lon', 'nyc')),
  ];

  test('is unsure when two other tests of the source changed elsewhere: flows hashed anew', () => {
    expect(reasonsOf([reroute, ...others])).toEqual([['rehash'], ['rehash'], ['rehash']]);
    expect(reasonsOf([reroute, others[0] as Finding])).toEqual([[], []]);
  });

  test('is not hashed anew when the others have another source, another time, or the same cause', () => {
    const [first, second] = others as [(typeof others)[0], (typeof others)[0]];
    const elsewhere = change('b>z', interval, moved(transit, 'lon', 'nyc'));
    const later = change('a>z', 4 * interval, moved(transit, 'lon', 'nyc'));
    const same = change('a>z', interval, moved(transit, 'fra', 'par'));
    for (const other of [elsewhere, later, same])
      expect(reasonsOf([reroute, first, other])[0]).not.toContain('rehash');
    const noticedLater = { ...second, change: { ...second.change, detectedAt: start + 6000 } };
    expect(reasonsOf([reroute, first, noticedLater])[0]).toEqual([]);
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
