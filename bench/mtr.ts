/**
 * `npm run bench -- mtr`: prints how many mtr runs per second an import reads from files and its
 * memory, and compares the time for 200 targets of 5 s each with the ideal time for the number of
 * parallel runs.
 */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { meter, root, type Usage } from './measured.ts';

const work = mkdtempSync(join(tmpdir(), 'pstrace-bench-'));
const startsAt = Date.parse('2026-03-01T00:00:00Z') / 1000;
const runsPerFile = 1000;
const hops = 15;

const measure = meter(work);
/** Runs pstrace under the usage recorder. */
const pstrace = (...args: readonly string[]): Promise<Usage> =>
  measure([join(root, 'bin/pstrace'), ...args]);

/** A file with runs of `mtr --csv` to one target, five minutes apart. */
function runsFile(number: number): string {
  const rows: string[] = [];
  for (let run = 0; run < runsPerFile; run++) {
    for (let ttl = 1; ttl <= hops; ttl++) {
      const target = `203.0.113.${number}`;
      const host = ttl === hops ? target : `10.${number}.${run % 40 === 0 ? 1 : 0}.${ttl}`;
      const times = [1, 1.2, 0.9, 4, 0.3].map((ms) => (ms + ttl).toFixed(2)).join(',');
      rows.push(`MTR.0.95,${startsAt + run * 300},OK,${target},${ttl},${host},0.00,10,0,${times}`);
    }
  }
  const file = join(work, `${number}.csv`);
  writeFileSync(file, `${rows.join('\n')}\n`);
  return file;
}

async function importFiles(files: readonly string[]): Promise<void> {
  const state = join(work, `state-${files.length}`);
  const { wallSeconds, cpuSeconds, peakMegabytes } = await pstrace(
    'import',
    ...files,
    '--state',
    state,
  );
  const runs = files.length * runsPerFile;
  console.log(
    `${runs} runs imported: ${(runs / wallSeconds).toFixed(0)} per second, ${(runs / cpuSeconds).toFixed(0)} per CPU second, ${peakMegabytes.toFixed(0)} MB`,
  );
}

async function measureAll(targets: number, parallel: number, seconds: number): Promise<void> {
  const mtr = join(work, 'mtr');
  const reply = 'x 0 33000\\nh 0 %s\\np 0 1000 33000\\n';
  writeFileSync(
    mtr,
    `#!/bin/sh\nfor target; do :; done\nsleep ${seconds}\nprintf '${reply}' "$target"\n`,
  );
  chmodSync(mtr, 0o755);
  const hosts = Array.from({ length: targets }, (_, index) => `203.0.113.${index + 1}`);
  const list = join(work, 'hosts');
  writeFileSync(list, hosts.join('\n'));
  const config = join(work, 'pstrace.toml');
  writeFileSync(config, `[mtr]\ncommand = "${mtr}"\n`);
  const options = ['--config', config, '--state', join(work, 'state-mtr')];
  const { wallSeconds } = await pstrace('mtr', list, '--parallel', String(parallel), ...options);
  const ideal = Math.ceil(targets / parallel) * seconds;
  console.log(
    `${targets} targets of ${seconds} s, ${parallel} in parallel: ${wallSeconds.toFixed(1)} s, ${(wallSeconds / ideal).toFixed(2)} x of the ideal ${ideal} s`,
  );
}

try {
  const files = Array.from({ length: 20 }, (_, index) => runsFile(index + 1));
  await importFiles(files.slice(0, 5));
  await importFiles(files);
  await measureAll(200, 50, 5);
} finally {
  rmSync(work, { recursive: true });
}
