import { type ExitCode, exitCodes } from '../lib/exitCodes.ts';
import type { TestSummary } from '../model/analysis.ts';
import { queryDns } from './collect/addressLookups.ts';
import { collect } from './collect/collect.ts';
import { detect } from './detect/detect.ts';
import { finalizeHistory } from './finalizeHistory.ts';
import { identifyTests } from './identify/identifyTests.ts';
import { notify } from './notify/notify.ts';
import { pruneTraces } from './pruneTraces.ts';
import { publish } from './publish/publish.ts';
import { type RunJob, recordRun, withRunStore } from './runContext.ts';
import type { Session } from './session.ts';

/**
 * One run: collect, identify, finalize, detect, publish, notify, prune. Closes the archives at the
 * end. `detectStep`: the demo replays earlier runs here.
 */
export function run(job: RunJob, session: Session, detectStep = detect): Promise<ExitCode> {
  return withRunStore(job, session, (store) =>
    recordRun(job, session, store, async (run) => {
      const collected = await collect(run);
      identifyTests(run, collected);
      await finalizeHistory(store, run.window.to, session);
      await detectStep(run, collected);
      let summaries: readonly TestSummary[] | null = null;
      try {
        summaries = await publish(run, collected);
      } finally {
        // A failed site must not hold back notifications.
        await notify(run, summaries);
      }
      pruneTraces(store, run.window, run.config.traceRetentionSeconds, session);
      await queryDns(store, run.config, session);
      return exitCodes[run.record.outcome];
    }),
  );
}

/** Collects and detects, prints the notifications that a run would send, and undoes everything. */
export function dryRun(job: RunJob, session: Session): Promise<ExitCode> {
  return withRunStore(job, session, (store) =>
    store.inRolledBackTransaction(() =>
      recordRun(job, session, store, async (run) => {
        const collected = await collect(run);
        identifyTests(run, collected);
        await detect(run, collected);
        run.notifier.printPending(store);
        return run.record.hasProblems ? exitCodes.partial : exitCodes.ok;
      }),
    ),
  );
}
