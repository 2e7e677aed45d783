import { pingBurst } from '../sources/monitor/pingBurst.ts';
import { scanPorts } from '../sources/monitor/portScan.ts';
import {
  describeTarget,
  type MeasuredRun,
  type MtrOptions,
  measureTarget,
} from '../sources/mtr/measureTargets.ts';
import {
  lookUpBySystem,
  type ResolvedTarget,
  resolveTarget,
} from '../sources/mtr/resolveTarget.ts';
import type { Target } from '../sources/targets/target.ts';
import type { MonitorRecord } from './monitorRecord.ts';
import type { MonitorStep } from './watchTarget.ts';

/** How the monitor measures. */
export interface MonitorStepOptions {
  readonly mtr: MtrOptions;
  readonly pingCommand: string;
}

/** The result of a step; `runs` are to be stored. */
export interface MonitorStepResult {
  readonly records: readonly MonitorRecord[];
  readonly runs: readonly MeasuredRun[];
}

/** Timeout of one port. */
const scanTimeoutSeconds = 3;

/** Runs one step for a target, in each of its address families. */
export async function runStep(
  step: MonitorStep,
  target: Target,
  options: MonitorStepOptions,
): Promise<MonitorStepResult> {
  if (step === 'trace') return runTraceStep(target, options.mtr);
  const { host, family } = target;
  const records: MonitorRecord[] = [];
  for (const resolved of await resolveTarget(host, family, options.mtr.lookup ?? lookUpBySystem)) {
    records.push(await recordStep(step, target, resolved, options));
  }
  return { records, runs: [] };
}

async function runTraceStep(target: Target, options: MtrOptions): Promise<MonitorStepResult> {
  const at = options.now();
  const runs = await measureTarget(target, options);
  const records = runs.map(({ test, trace, problem }): MonitorRecord => {
    const { address } = test.destination;
    const failure = { error: problem?.message ?? '', remedy: problem?.remedy ?? null };
    const result = trace === null ? failure : { trace };
    return { statistic: 'trace', at, host: target.host, address, test: test.id, result };
  });
  return { records, runs };
}

async function recordStep(
  step: 'ping' | 'scan',
  target: Target,
  resolved: ResolvedTarget,
  options: MonitorStepOptions,
): Promise<MonitorRecord> {
  const at = options.mtr.now();
  const address = 'address' in resolved ? resolved.address : null;
  const test = await describeTarget(target, resolved.family, address, options.mtr);
  const result =
    'failure' in resolved
      ? { error: resolved.failure.error, remedy: resolved.failure.remedy }
      : await measureStep(step, target, resolved.address, options);
  return { statistic: step, at, host: target.host, address, test: test.id, result };
}

async function measureStep(
  step: 'ping' | 'scan',
  { monitor }: Target,
  address: string,
  { mtr, pingCommand }: MonitorStepOptions,
): Promise<MonitorRecord['result']> {
  if (step === 'scan') {
    const scanOptions = { timeoutSeconds: scanTimeoutSeconds };
    return { ports: await scanPorts(address, monitor.scanPorts, scanOptions) };
  }
  const { environment, signal } = mtr;
  const burst = await pingBurst(address, monitor, { command: pingCommand, environment, signal });
  return burst.failure === null ? { ping: burst.statistics } : burst.failure;
}
