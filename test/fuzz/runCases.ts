import { parentPort, workerData } from 'node:worker_threads';
import { esmondCase } from './esmondCase.ts';
import { mtrCase } from './mtrCase.ts';

/** The cases a worker is to run: every `step`th from `first` on, below `end`. */
export interface Share {
  readonly seed: number;
  readonly first: number;
  readonly end: number;
  readonly step: number;
  /** One 32-bit number: the case in hand, for whoever watches. */
  readonly inHand: SharedArrayBuffer;
}

/** A rule that a case broke. */
export interface Complaint {
  readonly number: number;
  readonly rule: string;
  /** What broke it, and what was made of the input; both cut short. */
  readonly value: string;
  readonly input: string;
}

/** Milliseconds of processor time that one case may take; most take one. */
const longestMs = 1500;
/** A worker gives up after so many complaints. */
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
  const runOne = number % 3 === 2 ? mtrCase : esmondCase;
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
