/**
 * Feeds mutated input to the parsers of archives and tools: `npm run fuzz -- [--cases N] [--seed S]
 * [--case N]`. A case depends only on seed and number. Exits with 1 after violations, a hang, or
 * exhausted memory.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Complaint, Share } from './runCases.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '120000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    case: { type: 'string' },
  },
});
const seed = Number(values.seed);
const only = values.case === undefined ? null : Number(values.case);
const [first, end] = only === null ? [0, Number(values.cases)] : [only, only + 1];
const workers = only === null ? Math.min(2, availableParallelism()) : 1;

/** Memory limit for any input, MB. */
const memoryMb = 192;
/** A case that takes longer hangs, milliseconds. */
const longestMs = 30_000;

const startedAt = performance.now();
let failed = false;
await Promise.all(Array.from({ length: workers }, (_, index) => runShare(first + index)));
const seconds = Math.round((performance.now() - startedAt) / 1000);
const verdict = failed ? 'with complaints' : 'nothing to complain of';
say(`fuzz: ${end - first} cases of seed ${seed} in ${seconds} s, ${verdict}`);
process.exit(failed ? 1 : 0);

function runShare(from: number): Promise<void> {
  const inHand = new SharedArrayBuffer(4);
  const number = new Int32Array(inHand);
  const workerData: Share = { seed, first: from, end, step: workers, inHand };
  const worker = new Worker(new URL('./runCases.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  worker.on('message', (complaint: Complaint) => {
    reportFault(complaint.number, `${complaint.rule}: ${complaint.value}`);
    say(`  made of: ${complaint.input}`);
  });
  let [seen, seenAt] = [-1, performance.now()];
  const watch = setInterval(() => {
    const current = number[0] ?? -1;
    if (current !== seen) [seen, seenAt] = [current, performance.now()];
    else if (current >= 0 && performance.now() - seenAt > longestMs) {
      reportFault(current, 'it hangs');
      void worker.terminate();
    }
  }, 1000);
  return new Promise((resolve) => {
    worker.on('error', (error) => reportFault(number[0] ?? -1, error.stack ?? error.message));
    worker.on('exit', () => {
      clearInterval(watch);
      resolve();
    });
  });
}

function reportFault(number: number, what: string): void {
  failed = true;
  say(`fuzz: ${what}\n  repeat it by: npm run fuzz -- --seed ${seed} --case ${number}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
