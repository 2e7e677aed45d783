/**
 * `npm run bench -- mtr`: prints how many mtr runs a second are taken in from files, and in how much memory; and how near the
 * time for 200 targets, whose mtr takes 5 s each, comes to what the number of runs at a time implies.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'pstrace-bench-'));
const begin = Date.parse('2026-03-01T00:00:00Z') / 1000;
const runsOfFile = 1000;
const hops = 15;

interface Usage {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

/** Runs pstrace under the usage recorder. */
function pstrace(...args: readonly string[]): Usage {
  const file = join(work, 'usage.json');
  const command = ['--import', join(root, 'bench/usage.ts'), join(root, 'src/cli/main.ts')];
  const { status } = spawnSync(process.execPath, [...command, ...args], {
    env: { ...process.env, BENCH_USAGE: file },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`pstrace ${args[0]} ended with ${status}`);
  return JSON.parse(readFileSync(file, 'utf8')) as Usage;
}

/** A file with runs of `mtr --csv` to one target, five minutes apart. */
function runsFile(number: number): string {
  const rows: string[] = [];
  for (let run = 0; run < runsOfFile; run++) {
    for (let ttl = 1; ttl <= hops; ttl++) {
      const target = `203.0.113.${number}`;
      const host = ttl === hops ? target : `10.${number}.${run % 40 === 0 ? 1 : 0}.${ttl}`;
      const times = [1, 1.2, 0.9, 4, 0.3].map((ms) => (ms + ttl).toFixed(2)).join(',');
      rows.push(`MTR.0.95,${begin + run * 300},OK,${target},${ttl},${host},0.00,10,0,${times}`);
    }
  }
  const file = join(work, `${number}.csv`);
  writeFileSync(file, `${rows.join('\n')}\n`);
  return file;
}

function takeIn(files: readonly string[]): void {
  const state = join(work, `state-${files.length}`);
  const { wallSeconds, cpuSeconds, peakMegabytes } = pstrace('import', ...files, '--state', state);
  const runs = files.length * runsOfFile;
  console.log(
    `${runs} runs taken in: ${(runs / wallSeconds).toFixed(0)} a second, ${(runs / cpuSeconds).toFixed(0)} a CPU second, ${peakMegabytes.toFixed(0)} MB`,
  );
}

function measureAll(targets: number, parallel: number, seconds: number): void {
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
  const { wallSeconds } = pstrace('mtr', list, '--parallel', String(parallel), ...options);
  const ideal = Math.ceil(targets / parallel) * seconds;
  console.log(
    `${targets} targets of ${seconds} s, ${parallel} at a time: ${wallSeconds.toFixed(1)} s, ${(wallSeconds / ideal).toFixed(2)} x of the ideal ${ideal} s`,
  );
}

try {
  const files = Array.from({ length: 20 }, (_, index) => runsFile(index + 1));
  takeIn(files.slice(0, 5));
  takeIn(files);
  measureAll(200, 50, 5);
} finally {
  rmSync(work, { recursive: true });
}
