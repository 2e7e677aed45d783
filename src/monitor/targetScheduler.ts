import pLimit from 'p-limit';
import type { Config } from '../config/load.ts';
import { localHostName } from '../pipeline/collect/ingest.ts';
import { logBug } from '../pipeline/problems.ts';
import type { Session } from '../pipeline/session.ts';
import type { MeasuredRun } from '../sources/mtr/measureTargets.ts';
import type { Target } from '../sources/targets/target.ts';
import type { MonitorOptions } from './monitorOptions.ts';
import { createRecordPrinter } from './output.ts';
import { createFailureReporter } from './report.ts';
import { type MonitorStepOptions, runStep } from './steps.ts';
import { type MonitorStep, watchTarget } from './worker.ts';

/** Those who watch the targets, one for each. */
export interface TargetScheduler {
  /** Watches exactly these from now on: a target that is watched already goes on undisturbed. */
  setTargets(targets: readonly Target[]): void;
  /** Waits for the signal and then until every step that has begun is finished. */
  finish(signal: AbortSignal): Promise<void>;
}

/** A crew that has nothing to watch yet. `store` gets what belongs into the store. */
export function createTargetScheduler(
  config: Config,
  options: MonitorOptions,
  session: Session,
  store: (runs: readonly MeasuredRun[]) => void,
): TargetScheduler {
  const concurrencyLimit = pLimit(options.parallel ?? config.mtr.parallel);
  const print = createRecordPrinter(options.stdout ?? null, options.all ?? false, session.print);
  const report = createFailureReporter(session.log);
  const stepOptions = createStepOptions(config, options, session);
  const controllers = new Map<string, AbortController>();
  const running = new Set<Promise<void>>();

  async function runAndStore(step: MonitorStep, target: Target): Promise<boolean> {
    try {
      const { records, runs } = await runStep(step, target, stepOptions);
      store(runs);
      for (const record of records) {
        report(record);
        print(record, target.monitor);
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
      concurrencyLimit,
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
      session.log.info('watching', { targets: wanted.size });
    },
    async finish(signal) {
      if (!signal.aborted) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      }
      for (const stop of controllers.values()) stop.abort();
      session.log.info('finishing what runs');
      await Promise.all(running);
    },
  };
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
      // What has begun is finished; each program has a limit of its own.
      signal: new AbortController().signal,
      now: clock,
    },
  };
}
