import { median } from '../src/model/values/statistics.ts';
import { random } from './mesh.ts';

/** A mesh as its scorer judges it, and the cost of its replay. */
export interface ScoredMesh {
  readonly routing: ClassScore;
  readonly performance: ClassScore;
  /** Alerts of route and reachability on pairs without such an event, and the days of these pairs. */
  readonly quiet: { readonly alerts: number; readonly pairDays: number };
  readonly incidents: {
    readonly matchedAlerts: number;
    readonly trueIncidents: number;
    readonly bcubedPrecision: number;
    readonly bcubedRecall: number;
    readonly notifications: number;
  };
  readonly verdict: Accuracy;
  readonly resolution: { readonly n: number; readonly recall: number };
  readonly cost: { readonly jsonUs: number; readonly detectionUs: number };
  readonly stateBytes: number;
}

interface ClassScore {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  /** Traces until half of the events were found; null where none was. */
  readonly medianDelay: number | null;
}

interface Accuracy {
  readonly n: number;
  readonly accuracy: number;
}

/** A figure over several meshes, with the interval that contains it for 95 % of the resamples. */
export interface Figure {
  readonly name: string;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

type Measure = (meshes: readonly ScoredMesh[]) => number | null;

/** The figures, in the order of the table; null where nothing is to be judged. */
const measures: readonly (readonly [name: string, measure: Measure])[] = [
  ['routes: precision', (meshes) => precision(meshes, 'routing')],
  ['routes: recall', (meshes) => recall(meshes, 'routing')],
  ['routes: F1', (meshes) => f1(precision(meshes, 'routing'), recall(meshes, 'routing'))],
  ['routes: F1 of the worst mesh', worstF1],
  ['routes: median delay, traces', medianDelay],
  ['RTT, loss, MTU: precision', (meshes) => precision(meshes, 'performance')],
  ['RTT, loss, MTU: recall', (meshes) => recall(meshes, 'performance')],
  ['false alerts per quiet pair and day', falsePerDay],
  ['incidents: B-cubed F1', bcubedF1],
  ['incidents: groups per incident', groupsPerIncident],
  ['verdict right', (meshes) => weightedMean(meshes, (m) => [m.verdict.accuracy, m.verdict.n])],
  ['end found', (meshes) => weightedMean(meshes, (m) => [m.resolution.recall, m.resolution.n])],
  ['CPU of the detection / JSON.parse', cpuRatio],
  ['state per test, kB', (meshes) => weightedMean(meshes, (m) => [m.stateBytes / 1000, 1])],
];

const resamples = 2000;
const seed = 1;
/** Shares of the resamples below and above the interval. */
const tail = 0.025;

/**
 * The figures of several meshes, pooled. The interval is a bootstrap over the meshes: a mesh has
 * few incidents, each of which counts on many pairs at once.
 */
export function figuresOf(meshes: readonly ScoredMesh[]): Figure[] {
  const next = random(seed);
  const samples = Array.from({ length: resamples }, () =>
    meshes.map(() => meshes[Math.floor(next() * meshes.length)] as ScoredMesh),
  );
  return measures.map(([name, measure]) => {
    const values = samples.flatMap((sample) => measure(sample) ?? []).sort((a, b) => a - b);
    const at = (share: number) => values[Math.round(share * (values.length - 1))] ?? null;
    return { name, value: measure(meshes), low: at(tail), high: at(1 - tail) };
  });
}

type ScoredClass = 'routing' | 'performance';

function sum(meshes: readonly ScoredMesh[], count: (mesh: ScoredMesh) => number): number {
  return meshes.reduce((total, mesh) => total + count(mesh), 0);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function precision(meshes: readonly ScoredMesh[], of: ScoredClass): number | null {
  const right = sum(meshes, (mesh) => mesh[of].tp);
  return ratio(right, right + sum(meshes, (mesh) => mesh[of].fp));
}

function recall(meshes: readonly ScoredMesh[], of: ScoredClass): number | null {
  const found = sum(meshes, (mesh) => mesh[of].tp);
  return ratio(found, found + sum(meshes, (mesh) => mesh[of].fn));
}

function f1(p: number | null, r: number | null): number | null {
  return p === null || r === null ? null : ratio(2 * p * r, p + r);
}

function worstF1(meshes: readonly ScoredMesh[]): number | null {
  const all = meshes.flatMap(
    (mesh) => f1(precision([mesh], 'routing'), recall([mesh], 'routing')) ?? [],
  );
  return all.length === 0 ? null : Math.min(...all);
}

function medianDelay(meshes: readonly ScoredMesh[]): number | null {
  return median(meshes.flatMap(({ routing }) => routing.medianDelay ?? []));
}

function falsePerDay(meshes: readonly ScoredMesh[]): number | null {
  return ratio(
    sum(meshes, ({ quiet }) => quiet.alerts),
    sum(meshes, ({ quiet }) => quiet.pairDays),
  );
}

function bcubedF1(meshes: readonly ScoredMesh[]): number | null {
  const mean = (part: 'bcubedPrecision' | 'bcubedRecall') =>
    weightedMean(meshes, ({ incidents }) => [incidents[part], incidents.matchedAlerts]);
  return f1(mean('bcubedPrecision'), mean('bcubedRecall'));
}

function groupsPerIncident(meshes: readonly ScoredMesh[]): number | null {
  return ratio(
    sum(meshes, ({ incidents }) => incidents.notifications),
    sum(meshes, ({ incidents }) => incidents.trueIncidents),
  );
}

function cpuRatio(meshes: readonly ScoredMesh[]): number | null {
  return ratio(
    sum(meshes, ({ cost }) => cost.detectionUs),
    sum(meshes, ({ cost }) => cost.jsonUs),
  );
}

function weightedMean(
  meshes: readonly ScoredMesh[],
  of: (mesh: ScoredMesh) => readonly [value: number, weight: number],
): number | null {
  const total = sum(meshes, (mesh) => of(mesh)[0] * of(mesh)[1]);
  return ratio(
    total,
    sum(meshes, (mesh) => of(mesh)[1]),
  );
}
