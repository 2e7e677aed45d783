/**
 * `npm run bench -- sweep [--short]`: prints how the CPU time of a run grows with the number of
 * tests and the length of the window. The exponent is the log-log slope of CPU time over traces,
 * without the start-up time (of a run on one pair and one hour).
 */
import { type Measured, type Mesh, measureMesh } from './rounds.ts';

const short = process.argv.includes('--short');
const meshOf = (pairs: number, hours: number): Mesh => ({
  pairs,
  hours,
  latencyMs: 0,
  msPerTrace: 0,
  concurrency: 8,
  variants: 16,
  pretty: false,
  stable: false,
  tls: false,
});
const base = await measureMesh(meshOf(1, 1));

interface Row {
  readonly label: string;
  readonly measured: Measured;
}

/** Slope of the least-squares line through (log x, log y). */
function exponent(points: readonly { readonly x: number; readonly y: number }[]): number {
  const logs = points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }));
  const mean = (of: 'x' | 'y') => logs.reduce((sum, point) => sum + point[of], 0) / logs.length;
  const x = mean('x');
  const y = mean('y');
  const shared = logs.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0);
  return shared / logs.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
}

function printTable(title: string, rows: readonly Row[]): void {
  console.log(`\n${title}`);
  console.log(
    `${''.padEnd(12)}${'traces'.padStart(9)}${'first CPU'.padStart(12)}${'floor'.padStart(9)}${'second CPU'.padStart(12)}${'second/first'.padStart(14)}${'memory'.padStart(9)}`,
  );
  for (const { label, measured } of rows) {
    const { traces, first, firstFloor, second } = measured;
    console.log(
      [
        label.padEnd(12),
        String(traces).padStart(9),
        `${first.cpuSeconds.toFixed(2)} s`.padStart(12),
        `${(first.cpuSeconds / firstFloor.cpuSeconds).toFixed(2)} x`.padStart(9),
        `${second.cpuSeconds.toFixed(2)} s`.padStart(12),
        (second.cpuSeconds / first.cpuSeconds).toFixed(2).padStart(14),
        `${Math.max(first.peakMegabytes, second.peakMegabytes).toFixed(0)} MB`.padStart(9),
      ].join(''),
    );
  }
  const grows = (run: 'first' | 'second') =>
    exponent(
      rows.map(({ measured }) => ({
        x: measured.traces,
        y: Math.max(0.01, measured[run].cpuSeconds - base[run].cpuSeconds),
      })),
    ).toFixed(2);
  console.log(`exponent: first run ${grows('first')}, second run ${grows('second')}`);
}

async function sweep(meshes: readonly (readonly [string, Mesh])[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [label, mesh] of meshes) rows.push({ label, measured: await measureMesh(mesh) });
  return rows;
}

const pairs = short ? [25, 100, 400] : [25, 50, 100, 200, 400, 1000];
const hours = short ? [6, 24, 72] : [1, 6, 24, 72, 168, 336];
printTable('pairs, 24 h', await sweep(pairs.map((count) => [`${count} pairs`, meshOf(count, 24)])));
printTable(
  'window, 50 pairs',
  await sweep(hours.map((length) => [`${length} h`, meshOf(50, length)])),
);
