/**
 * `npm run bench -- confidence DIR [DIR …]`: replays labeled meshes and prints how often the changes
 * were right, by the confidence in them, and the weights that the labels suggest. A DIR is as for
 * routebench, with the labels in `truth.json` or, if present, `truth-strict.json`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change, ChangeClass } from '../src/model/change/change.ts';
import { fitLogistic, type LogisticCase, probability } from './logistic.ts';
import { readMesh } from './routebench-mesh.ts';
import { replayChanges } from './routebench-replay.ts';

/** A labeled event of one pair; times are epoch seconds. */
interface LabeledEvent {
  readonly class: 'routing' | 'performance' | 'lifecycle';
  readonly start: number;
  readonly end: number;
  readonly lastSample?: number;
  readonly open: boolean;
  readonly required: boolean;
}

interface Labels {
  readonly interval: number;
  readonly pairs: Readonly<
    Record<string, { readonly interval?: number; readonly events: readonly LabeledEvent[] }>
  >;
}

/** A change that is right or wrong by the labels; those that they leave open are none. */
interface JudgedChange extends LogisticCase {
  readonly change: Change;
}

const labeledClasses: ReadonlyMap<ChangeClass, LabeledEvent['class']> = new Map([
  ...(['unreachable', 'inter_as', 'intra_as', 'flap'] as const).map(
    (each) => [each, 'routing'] as const,
  ),
  ...(['rtt_shift', 'loss', 'mtu_drop'] as const).map((each) => [each, 'performance'] as const),
]);

/** A change counts for an event until so many samples after its end; the way back until then. */
const graceSamples = 6;
const wayBackSamples = 12;
/** Parts of the pairs that take turns as unseen ones. */
const folds = 5;
/** Upper bounds of the bins of the table. */
const bins = [0.25, 0.5, 0.75, 0.9, 0.97, 1];

/** Prints the tables for all meshes together. */
export function benchConfidence(dirs: readonly string[]): void {
  const judged = dirs.flatMap(judgeMesh);
  for (const kind of ['routing', 'performance'] as const) {
    const own = judged.filter(({ change }) => labeledClasses.get(change.class) === kind);
    const said = own.flatMap(({ change, isRight }) =>
      change.confidence === null ? [] : { said: change.confidence, isRight },
    );
    printTable(`${kind}, as reported`, said);
    if (kind === 'performance') continue;
    printTable(`${kind}, weights fitted to the other pairs`, crossValidate(own));
    console.log('\nweights fitted to all pairs, nats, and their cases (right/all)');
    for (const [feature, weight] of fitLogistic(own)) {
      const having = own.filter(({ features }) => features.includes(feature));
      const right = having.filter(({ isRight }) => isRight).length;
      console.log(
        `${feature.padEnd(12)} ${weight.toFixed(2).padStart(6)}  ${right}/${having.length}`,
      );
    }
  }
}

function judgeMesh(dir: string): JudgedChange[] {
  const strict = join(dir, 'truth-strict.json');
  const file = existsSync(strict) ? strict : join(dir, 'truth.json');
  const { interval, pairs } = JSON.parse(readFileSync(file, 'utf8')) as Labels;
  return replayChanges(readMesh(dir)).changes.flatMap(({ change }) => {
    const pair = pairs[change.testId];
    const labeledClass = labeledClasses.get(change.class);
    if (pair === undefined || labeledClass === undefined) return [];
    const events = pair.events.filter((event) => event.class === labeledClass);
    const isRight = judge(change.detectedAt, events, pair.interval ?? interval);
    if (isRight === null) return [];
    const reasons = change.grading?.reasons.map(([reason]) => reason) ?? [];
    return [{ change, isRight, features: [change.class, ...reasons] }];
  });
}

/** Whether a change detected at a moment is right; null if the labels leave it open. */
function judge(at: number, events: readonly LabeledEvent[], interval: number): boolean | null {
  const isDuring = ({ start, end, lastSample, open }: LabeledEvent) =>
    at >= start - interval / 2 &&
    (open || at <= Math.max(end, lastSample ?? start) + graceSamples * interval);
  const isWayBack = ({ end, open }: LabeledEvent) =>
    !open && at >= end - interval / 2 && at <= end + wayBackSamples * interval;
  if (events.some((event) => event.required && isDuring(event))) return true;
  return events.some((event) => isDuring(event) || isWayBack(event)) ? null : false;
}

interface Prediction {
  readonly said: number;
  readonly isRight: boolean;
}

/** Predicts the changes of each pair from those of the others. */
function crossValidate(judged: readonly JudgedChange[]): Prediction[] {
  const pairs = [...new Set(judged.map(({ change }) => change.testId))];
  const foldOf = ({ change }: JudgedChange) => pairs.indexOf(change.testId) % folds;
  return Array.from({ length: folds }, (_, fold) => {
    const weights = fitLogistic(judged.filter((each) => foldOf(each) !== fold));
    return judged
      .filter((each) => foldOf(each) === fold)
      .map((each) => ({ said: probability(each, weights), isRight: each.isRight }));
  }).flat();
}

/** Prints the bins as a table with a reliability diagram: `x` right, `-` its interval, `|` said. */
function printTable(title: string, predictions: readonly Prediction[]): void {
  const axis = `0${' '.repeat(chartWidth - 1)}1`;
  console.log(`\n${title}\nsaid          mean   right  of all     ${axis}`);
  for (const [nth, to] of bins.entries()) {
    const from = bins[nth - 1] ?? 0;
    const own = predictions.filter(({ said }) => said > from && said <= to);
    if (own.length === 0) continue;
    const mean = own.reduce((sum, { said }) => sum + said, 0) / own.length;
    const right = own.filter(({ isRight }) => isRight).length;
    const share = (right / own.length).toFixed(2);
    const bin = `${from.toFixed(2)} to ${to.toFixed(2)}  ${mean.toFixed(2)}   ${share}`;
    console.log(
      `${bin}   ${`${right}/${own.length}`.padEnd(9)}  ${chartOf(mean, right, own.length)}`,
    );
  }
}

/** Characters between 0 and 1 in the diagram. */
const chartWidth = 50;
/** Standard deviations of an interval of 95 %. */
const deviations = 1.96;

/** A line of the diagram, with the Wilson interval of the share that was right. */
function chartOf(said: number, right: number, all: number): string {
  const share = right / all;
  const weight = deviations ** 2 / all;
  const middle = (share + weight / 2) / (1 + weight);
  const half = Math.sqrt(weight * share * (1 - share) + weight ** 2 / 4) / (1 + weight);
  const column = (value: number) => Math.round(value * chartWidth);
  const cells = Array.from({ length: chartWidth + 1 }, () => ' ');
  cells.fill('-', column(middle - half), column(middle + half) + 1);
  cells[column(share)] = 'x';
  cells[column(said)] = '|';
  return cells.join('').trimEnd();
}
