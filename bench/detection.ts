/**
 * `npm run bench -- detection --scorer SCORER [--all] DIR [DIR …]`: replays labeled meshes, has the
 * scorer of the meshes judge the alerts, and prints the figures with their intervals over the
 * meshes. A DIR is as for routebench, with the labels in `truth.json`. SCORER is a program for
 * Node.js: `node SCORER DIR/truth.json ALERTS --json` prints its result. By default, the alerts are
 * those that notifications report; `--all` counts all.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pluralize } from '../src/model/values/format.ts';
import { daySeconds } from '../src/model/values/time.ts';
import { type Figure, figuresOf, type ScoredMesh } from './detectionFigures.ts';
import { readMesh } from './routebench-mesh.ts';
import { isNotified, replay } from './routebench-replay.ts';

/** The part of a scorer's result that the figures need. */
type ScorerResult = Omit<ScoredMesh, 'quiet' | 'cost' | 'stateBytes'> & {
  readonly quiet: { readonly pairs: number; readonly alerts: number };
};

/** Prints the table of the operands of the command. */
export function benchDetection(operands: readonly string[]): void {
  const { positionals: dirs, values } = parseArgs({
    args: [...operands],
    allowPositionals: true,
    options: { scorer: { type: 'string' }, all: { type: 'boolean', default: false } },
  });
  const { scorer, all } = values;
  if (scorer === undefined || dirs.length === 0) {
    console.error('usage: npm run bench -- detection --scorer SCORER [--all] DIR [DIR …]');
    process.exit(64);
  }
  const folder = mkdtempSync(join(tmpdir(), 'pstrace-bench-'));
  try {
    const meshes = dirs.map((dir) => scoreMesh(dir, scorer, all, join(folder, 'alerts.jsonl')));
    console.log(
      `${pluralize(meshes.length, 'mesh', 'meshes')}, ${all ? 'all alerts' : 'alerts that are notified'}\n`,
    );
    console.log(['| | pooled | 95 % over the meshes |', '|---|---|---|'].join('\n'));
    for (const figure of figuresOf(meshes)) console.log(figureRow(figure));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function scoreMesh(dir: string, scorer: string, all: boolean, file: string): ScoredMesh {
  const truthFile = join(dir, 'truth.json');
  const { alerts, cost } = replay(readMesh(dir));
  const counted = alerts.filter(({ severity }) => all || isNotified(severity));
  writeFileSync(file, counted.map((alert) => `${JSON.stringify(alert)}\n`).join(''));
  const output = execFileSync(process.execPath, [scorer, truthFile, file, '--json'], {
    encoding: 'utf8',
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  const result = JSON.parse(output) as ScorerResult;
  const { start, end } = JSON.parse(readFileSync(truthFile, 'utf8')) as Record<string, number>;
  const days = ((end ?? 0) - (start ?? 0)) / daySeconds;
  const { alerts: quietAlerts, pairs } = result.quiet;
  const { jsonUs, detectionUs, traces, stateBytes } = cost;
  return {
    ...result,
    quiet: { alerts: quietAlerts, pairDays: pairs * days },
    cost: { jsonUs: jsonUs * traces, detectionUs: detectionUs * traces },
    stateBytes,
  };
}

function figureRow({ name, value, low, high }: Figure): string {
  const text = (figure: number | null) => (figure === null ? '–' : figure.toFixed(3));
  return `| ${name} | ${text(value)} | ${low === null ? '–' : `${text(low)} to ${text(high)}`} |`;
}
