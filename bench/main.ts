/**
 * `npm run bench -- [--pairs 400] [--hours 24] [--latency 20] …`: serves a mesh from a separate
 * process and prints the cost of a first run, a run half an hour later, an offline render, and the
 * floors of the two runs.
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { Usage } from './measured.ts';
import { measureMesh } from './rounds.ts';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '400' },
    hours: { type: 'string', default: '24' },
    latency: { type: 'string', default: '20' },
    concurrency: { type: 'string', default: '8' },
    variants: { type: 'string', default: '16' },
    stable: { type: 'boolean', default: false },
    pretty: { type: 'boolean', default: false },
    'ms-per-trace': { type: 'string', default: '0' },
    tls: { type: 'boolean', default: false },
    checkout: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});

function row(name: string, usage: Usage, base: Usage | null): string {
  const ratio = (value: number, against: number | undefined) =>
    against === undefined ? '' : `${(value / against).toFixed(2)} x`;
  return [
    name.padEnd(34),
    `${usage.wallSeconds.toFixed(2)} s`.padStart(9),
    ratio(usage.wallSeconds, base?.wallSeconds).padStart(8),
    `${usage.cpuSeconds.toFixed(2)} s`.padStart(9),
    ratio(usage.cpuSeconds, base?.cpuSeconds).padStart(8),
    `${usage.peakMegabytes.toFixed(0)} MB`.padStart(8),
  ].join(' ');
}

const mesh = {
  pairs: Number(values.pairs),
  hours: Number(values.hours),
  latencyMs: Number(values.latency),
  msPerTrace: Number(values['ms-per-trace']),
  concurrency: Number(values.concurrency),
  variants: Number(values.variants),
  stable: values.stable,
  pretty: values.pretty,
  tls: values.tls,
};
const measured = await measureMesh(mesh, values);
const { first, firstFloor, second, secondFloor, render, again } = measured;
const { traces, databaseBytes, transfer } = measured;
const slow = mesh.msPerTrace === 0 ? '' : `, ${mesh.msPerTrace} ms per trace`;
console.log(`${mesh.pairs} pairs, ${mesh.hours} h, ${traces} traces, ${mesh.latencyMs} ms per request${slow}, \
${mesh.concurrency} parallel requests, ${mesh.stable ? 'repeating' : 'varying'} routes, ${mesh.pretty ? 'indented' : 'compact'} JSON, ${mesh.tls ? 'HTTPS' : 'HTTP'}`);
console.log(
  `Node.js ${process.version}, ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown CPU'}\n`,
);
console.log(
  `${''.padEnd(34)} ${'wall'.padStart(9)} ${'floor'.padStart(8)} ${'CPU'.padStart(9)} ${'floor'.padStart(8)} ${'memory'.padStart(8)}`,
);
console.log(row('floor of the first run', firstFloor, null));
console.log(row('first run', first, firstFloor));
console.log(row('floor of the second run', secondFloor, null));
console.log(row('second run, 30 min later', second, secondFloor));
console.log(row('render, offline, empty folder', render, null));
console.log(row('render, offline, no changes', again, null));
console.log(`\nsecond run / first run: CPU ${(second.cpuSeconds / first.cpuSeconds).toFixed(2)}`);
const rate = (usage: Usage) => (mesh.pairs / usage.cpuSeconds).toFixed(0);
console.log(`render: ${rate(render)} tests per CPU second; no changes: ${rate(again)}`);
console.log(
  `\n${'bytes after the second run'.padEnd(34)}      site    changed       sent by rsync`,
);
const siteBytes = transfer.get('all files')?.siteBytes ?? 1;
for (const [kind, { siteBytes: own, changedBytes, sentBytes }] of transfer) {
  const cells = [own, changedBytes, sentBytes].map((bytes) =>
    `${(bytes / 1e6).toFixed(2)} MB`.padStart(10),
  );
  const share = `${((100 * sentBytes) / siteBytes).toFixed(1)} % of the site`;
  console.log(`${kind.padEnd(34)} ${cells.join(' ')}   ${share}`);
}
console.log(
  `database: ${(databaseBytes / 1e6).toFixed(1)} MB, ${(databaseBytes / traces).toFixed(0)} bytes per trace`,
);
