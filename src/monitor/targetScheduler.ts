import pLimit from 'p-limit';
import type { Config } from '../config/load.ts';
import { localHostName } from '../pipeline/collect/ingest.ts';
import { logBug } from '../pipeline/problems.ts';
import type { Session } from '../pipeline/session.ts';
import type { MeasuredRun } from '../sources/mtr/measureTargets.ts';
import type { Target } from '../sources/targets/target.ts';
import { connvitalsError } from './connvitalsRecord.ts';
import { createFailureReporter } from './failureReporter.ts';
import type { MonitorOptions } from './monitorOptions.ts';
import type { MonitorRecord } from './monitorRecord.ts';
import { createRecordPrinter } from './recordPrinter.ts';
import { type MonitorStepOptions, runStep } from './runStep.ts';
import { type MonitorStep, watchTarget } from './watchTarget.ts';

/** Measures targets, each at its own intervals. */
export interface TargetScheduler {
  /** Replaces the targets. A target that was already there continues undisturbed. */
  setTargets(targets: readonly Target[]): void;
  /** Waits for the signal, and then until all running steps are finished. */
  finish(signal: AbortSignal): Promise<void>;
}

/** Creates a scheduler without targets. `store` receives the runs to store. */
export function createTargetScheduler(
  config: Config,
  options: MonitorOptions,
  session: Session,
  store: (runs: readonly MeasuredRun[]) => void,
): TargetScheduler {
  const parallel = options.parallel ?? config.mtr.parallel;
  const limits = { trace: pLimit(parallel), ping: pLimit(parallel), scan: pLimit(parallel) };
  const form = options.stdout ?? null;
  const print = createRecordPrinter(form, options.all ?? false, {
    print: session.print,
    nowMs: Date.now,
  });
  const report = form === 'connvitals' ? printConnvitalsError : createFailureReporter(session.log);
  const stepOptions = createStepOptions(config, options, session);
  const controllers = new Map<string, AbortController>();
  const running = new Set<Promise<void>>();

  async function runAndStore(step: MonitorStep, target: Target): Promise<boolean> {
    try {
      const { records, runs } = await runStep(step, target, stepOptions);
      store(runs);
      for (const record of records) {
        report(record);
        print(record, target);
      }
      return records.every(({ result }) => !('error' in result));
    } catch (error) {
      logBug(error, target.host, session.log);
      return false;
    }
  }

  function startTarget(target: Target): AbortController {
    const stop = new AbortController();
    const done = watchTarget(
      target.monitor,
      (step) => runAndStore(step, target),
      limits,
      stop.signal,
    );
    const tracked = done.finally(() => running.delete(tracked));
    running.add(tracked);
    return stop;
  }

  return {
    setTargets(targets) {
      const wanted = new Map(targets.map((target) => [JSON.stringify(target), target]));
      for (const [key, stop] of controllers) {
        if (wanted.has(key)) continue;
        stop.abort();
        controllers.delete(key);
      }
      for (const [key, target] of wanted)
        if (!controllers.has(key)) controllers.set(key, startTarget(target));
      session.log.info('targets set', { targets: wanted.size });
    },
    async finish(signal) {
      if (!signal.aborted) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      }
      for (const stop of controllers.values()) stop.abort();
      session.log.info('waiting for running steps');
      await Promise.all(running);
    },
  };
}

/** connvitals-monitor writes every failure to standard error, in a form of its own. */
function printConnvitalsError(record: MonitorRecord): void {
  const line = connvitalsError(record, Date.now());
  if (line !== null) process.stderr.write(`${line}\n`);
}

function createStepOptions(
  { mtr }: Config,
  { limit }: MonitorOptions,
  { clock, env }: Session,
): MonitorStepOptions {
  return {
    pingCommand: mtr.ping,
    mtr: {
      command: mtr.command,
      limitSeconds: limit ?? mtr.limitSeconds,
      parallel: 1,
      source: localHostName(mtr),
      environment: env,
      // Never aborted: running steps finish, and each program has its own limit.
      signal: new AbortController().signal,
      now: clock,
    },
  };
}
