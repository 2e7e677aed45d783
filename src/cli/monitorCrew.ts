import pLimit from 'p-limit';
import type { Config } from '../config/load.ts';
import type { MeasuredRun } from '../sources/mtr/measure.ts';
import type { Target } from '../sources/targets/target.ts';
import { createOutput } from './monitorOutput.ts';
import { createReporter } from './monitorReport.ts';
import { doStep, type StepOptions } from './monitorSteps.ts';
import { type Step, watchTarget } from './monitorWorker.ts';
import type { MonitorOptions } from './options.ts';
import { logBug } from './problems.ts';
import type { Session } from './session.ts';
import { nameOfThisHost } from './takeIn.ts';

/** Those who watch the targets, one for each. */
export interface Crew {
  /** Watches exactly these from now on: a target that is watched already goes on undisturbed. */
  watch(targets: readonly Target[]): void;
  /** Waits for the signal and then until every step that has begun is finished. */
  end(signal: AbortSignal): Promise<void>;
}

/** A crew that has nothing to watch yet. `store` gets what belongs into the store. */
export function createCrew(
  config: Config,
  options: MonitorOptions,
  session: Session,
  store: (runs: readonly MeasuredRun[]) => void,
): Crew {
  const atOnce = pLimit(options.parallel ?? config.mtr.parallel);
  const print = createOutput(options.stdout ?? null, options.all ?? false, session.say);
  const report = createReporter(session.log);
  const how = stepOptions(config, options, session);
  const watched = new Map<string, AbortController>();
  const working = new Set<Promise<void>>();

  async function work(step: Step, target: Target): Promise<boolean> {
    try {
      const { records, runs } = await doStep(step, target, how);
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

  function begin(target: Target): AbortController {
    const stop = new AbortController();
    const done = watchTarget(target.monitor, (step) => work(step, target), atOnce, stop.signal);
    const ended = done.finally(() => working.delete(ended));
    working.add(ended);
    return stop;
  }

  return {
    watch(targets) {
      const wanted = new Map(targets.map((target) => [JSON.stringify(target), target]));
      for (const [key, stop] of watched) {
        if (wanted.has(key)) continue;
        stop.abort();
        watched.delete(key);
      }
      for (const [key, target] of wanted) if (!watched.has(key)) watched.set(key, begin(target));
      session.log.info('watching', { targets: wanted.size });
    },
    async end(signal) {
      if (!signal.aborted) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      }
      for (const stop of watched.values()) stop.abort();
      session.log.info('finishing what runs');
      await Promise.all(working);
    },
  };
}

function stepOptions({ mtr }: Config, { limit }: MonitorOptions, { clock }: Session): StepOptions {
  return {
    pingCommand: mtr.ping,
    mtr: {
      command: mtr.command,
      limitSeconds: limit ?? mtr.limitSeconds,
      parallel: 1,
      source: nameOfThisHost(mtr),
      environment: process.env,
      // What has begun is finished; each program has a limit of its own.
      signal: new AbortController().signal,
      now: clock,
    },
  };
}
