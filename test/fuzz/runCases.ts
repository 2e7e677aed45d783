import { parentPort, workerData } from 'node:worker_threads';
import { esmondCase } from './esmondCase.ts';
import { mtrCase } from './mtrCase.ts';
import { structureCase } from './structureCase.ts';

/** The cases of a worker: every `step`th from `first` on, below `end`. */
export interface Share {
  readonly seed: number;
  readonly first: number;
  readonly end: number;
  readonly step: number;
  /** One 32-bit number: the current case, for the observer. */
  readonly inHand: SharedArrayBuffer;
}

/** A rule that a case violated. */
export interface Complaint {
  readonly number: number;
  readonly rule: string;
  /** The violation and the result of the input, both truncated. */
  readonly value: string;
  readonly input: string;
}

/** CPU time limit of one case, milliseconds; most take one. */
const longestMs = 1500;
/** Cases of archives, of tools, and of runs written by tools. */
const kinds = [esmondCase, mtrCase, esmondCase, structureCase];
/** A worker stops after so many violations. */
const patience = 5;

const share = workerData as Share;
const inHand = new Int32Array(share.inHand);
let complaints = 0;
for (let number = share.first; number < share.end; number += share.step) {
  Atomics.store(inHand, 0, number);
  await run(number);
  if (complaints >= patience) break;
}
Atomics.store(inHand, 0, -1);

async function run(number: number): Promise<void> {
  const broken = new Map<string, unknown>();
  const before = process.threadCpuUsage();
  const runOne = kinds[number % kinds.length] ?? esmondCase;
  const input = await runOne(share.seed, number, (rule, value) => broken.set(rule, value));
  const { user, system } = process.threadCpuUsage(before);
  const spentMs = (user + system) / 1000;
  if (spentMs > longestMs) broken.set(`a case takes less than ${longestMs} ms`, spentMs);
  for (const [rule, value] of broken) {
    complaints += 1;
    const complaint: Complaint = { number, rule, value: shown(value), input: shown(input) };
    parentPort?.postMessage(complaint);
  }
}

function shown(value: unknown): string {
  try {
    return String(typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 2000);
  } catch {
    return '(nested too deeply to be shown)';
  }
}
