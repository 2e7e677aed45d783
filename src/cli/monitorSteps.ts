import { pingBurst } from '../sources/monitor/pingBurst.ts';
import { scanPorts } from '../sources/monitor/portScan.ts';
import {
  describeTarget,
  type MeasuredRun,
  type MtrOptions,
  measureTarget,
} from '../sources/mtr/measure.ts';
import { lookUpHere, type Resolved, resolveTarget } from '../sources/mtr/resolveTarget.ts';
import type { Target } from '../sources/targets/target.ts';
import type { MonitorRecord } from './monitorRecord.ts';
import type { Step } from './monitorWorker.ts';

/** How the monitor measures. */
export interface StepOptions {
  readonly mtr: MtrOptions;
  readonly pingCommand: string;
}

/** What a step brought; `runs` is what of it belongs into the store. */
export interface StepResult {
  readonly records: readonly MonitorRecord[];
  readonly runs: readonly MeasuredRun[];
}

/** How long a port may take to answer. */
const scanTimeoutSeconds = 3;

/** Does one step with a target, in each family that is wanted. */
export async function doStep(
  step: Step,
  target: Target,
  options: StepOptions,
): Promise<StepResult> {
  if (step === 'trace') return traceStep(target, options.mtr);
  const { host, family } = target;
  const records: MonitorRecord[] = [];
  for (const resolved of await resolveTarget(host, family, options.mtr.lookup ?? lookUpHere)) {
    records.push(await recordOf(step, target, resolved, options));
  }
  return { records, runs: [] };
}

async function traceStep(target: Target, options: MtrOptions): Promise<StepResult> {
  const at = options.now();
  const runs = await measureTarget(target, options);
  const records = runs.map(({ test, trace, problem }): MonitorRecord => {
    const { address } = test.destination;
    const failed = { error: problem?.message ?? '', remedy: problem?.remedy ?? null };
    const result = trace === null ? failed : { trace };
    return { statistic: 'trace', at, host: target.host, address, test: test.id, result };
  });
  return { records, runs };
}

async function recordOf(
  step: 'ping' | 'scan',
  target: Target,
  resolved: Resolved,
  options: StepOptions,
): Promise<MonitorRecord> {
  const at = options.mtr.now();
  const address = 'address' in resolved ? resolved.address : null;
  const test = await describeTarget(target, resolved.family, address, options.mtr);
  const result =
    'failure' in resolved
      ? { error: resolved.failure.error, remedy: resolved.failure.remedy }
      : await resultOf(step, target, resolved.address, options);
  return { statistic: step, at, host: target.host, address, test: test.id, result };
}

async function resultOf(
  step: 'ping' | 'scan',
  { monitor }: Target,
  address: string,
  { mtr, pingCommand }: StepOptions,
): Promise<MonitorRecord['result']> {
  if (step === 'scan') {
    const how = { timeoutSeconds: scanTimeoutSeconds };
    return { ports: await scanPorts(address, monitor.scanPorts, how) };
  }
  const { environment, signal } = mtr;
  const burst = await pingBurst(address, monitor, { command: pingCommand, environment, signal });
  return burst.failure === null ? { ping: burst.statistics } : burst.failure;
}
