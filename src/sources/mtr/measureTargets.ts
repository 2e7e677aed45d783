import { defaultMaxListeners, setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import type { Problem } from '../../model/run/problem.ts';
import type { Family } from '../../model/test/test.ts';
import { failureReasonOf } from '../../model/trace/failureReason.ts';
import type { ProbePlan, TestDescription } from '../types.ts';
import { localAddressTo } from './localAddress.ts';
import { createLocalRun, type LocalRun, type LocalRunFacts, noReplyError } from './localRun.ts';
import { createLocalTest } from './localTest.ts';
import { type HostLookup, lookUpBySystem, resolveTarget } from './resolveTarget.ts';
import { parseRunEnd, type RunEnd } from './runEnd.ts';
import { noReplyFailure, problemOf, type RunFailure } from './runFailure.ts';
import { type MtrProgram, runMtr } from './runMtr.ts';

/** A target and its probes. */
export interface MtrTarget extends ProbePlan {
  /** A canonical address or a host name. */
  readonly host: string;
  readonly label: string | null;
  /** `both`: every family in which the host has an address; null: IPv4 if it has one, else IPv6. */
  readonly family: Family | 'both' | null;
}

/** How to measure. */
export interface MtrOptions extends MtrProgram {
  /** Parallel runs. */
  readonly parallel: number;
  /** Name of this host in its tests. */
  readonly source: string;
  /** Epoch seconds. */
  readonly now: () => number;
  /** Replaces the resolver of this host. */
  readonly lookup?: HostLookup;
}

/** A run, and the problem of a failed one. */
export interface MeasuredRun extends LocalRun {
  readonly problem: Problem | null;
}

/**
 * Measures all targets in parallel. `onMeasured` receives the runs of each target, one per family,
 * as soon as they are done. A target that is listed twice is measured once. Throws the reason of an
 * aborted signal.
 */
export async function measureAll(
  targets: readonly MtrTarget[],
  options: MtrOptions,
  onMeasured: (runs: readonly MeasuredRun[]) => void,
): Promise<void> {
  // Every active run listens to the signal.
  setMaxListeners(options.parallel + defaultMaxListeners, options.signal);
  const limit = pLimit(options.parallel);
  await limit.map(distinctTargets(targets), async (target) => {
    options.signal.throwIfAborted();
    onMeasured(await measureTarget(target, options));
  });
}

/** One target of those that would be the same test. */
function distinctTargets<Target extends MtrTarget>(targets: readonly Target[]): Target[] {
  const byTest = new Map<string, Target>();
  for (const target of targets) {
    const { host, family, protocol, port } = target;
    const key = JSON.stringify([host, family, protocol, port]);
    if (!byTest.has(key)) byTest.set(key, target);
  }
  return [...byTest.values()];
}

/** Measures one target, one family after the other. */
export async function measureTarget(
  target: MtrTarget,
  options: MtrOptions,
): Promise<MeasuredRun[]> {
  const { host, family } = target;
  const runs: MeasuredRun[] = [];
  for (const resolved of await resolveTarget(host, family, options.lookup ?? lookUpBySystem)) {
    const address = 'address' in resolved ? resolved.address : null;
    const facts = await buildFacts(target, resolved.family, address, options);
    runs.push(
      'failure' in resolved
        ? failedRun(host, facts, resolved.failure)
        : await measureAddress(resolved.address, target, facts, options),
    );
  }
  return runs;
}

/** The test of a target in a family; `address` is null if the target has none. */
export async function describeTarget(
  target: MtrTarget,
  family: Family,
  address: string | null,
  options: MtrOptions,
): Promise<TestDescription> {
  return createLocalTest({ ...(await buildFacts(target, family, address, options)), tool: 'mtr' });
}

/** Facts of a run with a known target. */
type KnownTargetFacts = LocalRunFacts & { readonly destination: RunEnd };

async function buildFacts(
  target: MtrTarget,
  family: Family,
  address: string | null,
  { source, now }: MtrOptions,
): Promise<KnownTargetFacts> {
  const { host, label, protocol, port, packetBytes } = target;
  const ownAddress = address === null ? null : await localAddressTo(address);
  return {
    source: parseRunEnd(source, ownAddress) ?? { address: ownAddress, name: source },
    destination: address === host ? { address, name: null } : { address, name: host },
    startedAt: Math.floor(now()),
    family,
    protocol,
    port,
    packetBytes: packetBytes === null ? null : String(packetBytes),
    label,
  };
}

async function measureAddress(
  address: string,
  target: MtrTarget,
  facts: KnownTargetFacts,
  options: MtrOptions,
): Promise<MeasuredRun> {
  const { document, failure } = await runMtr(address, target, options);
  if (failure !== null) return failedRun(target.host, facts, failure);
  const run = document === null ? null : createLocalRun(document, facts, (route) => route);
  if (run === null || typeof run === 'string' || run.trace === null) {
    return failedRun(target.host, facts, noReplyFailure(noReplyError));
  }
  return { ...run, problem: null };
}

function failedRun(host: string, facts: KnownTargetFacts, failure: RunFailure): MeasuredRun {
  return {
    test: createLocalTest({ ...facts, tool: 'mtr' }),
    trace: null,
    failure: { at: facts.startedAt, error: failureReasonOf(failure.error) },
    responders: new Map(),
    problem: problemOf(host, failure),
  };
}
