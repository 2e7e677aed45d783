import { allDone } from '../lib/allDone.ts';
import { type ExitCode, exitCodes } from '../lib/exitCodes.ts';
import { collect } from './collect/collect.ts';
import { detect } from './detect/detect.ts';
import { finalizeHistory } from './finalizeHistory.ts';
import { identifyTests } from './identify/identifyTests.ts';
import { maintain } from './maintain.ts';
import { notify } from './notify/notify.ts';
import { endInDoubt } from './publish/endInDoubt.ts';
import { publish } from './publish/publish.ts';
import { type RunContext, type RunJob, recordRun, withRunStore } from './runContext.ts';
import type { Session } from './session.ts';

/**
 * One run: collect, identify, finalize, detect, publish, notify, prune. Closes the archives at the
 * end. A slow mail server holds up neither the other steps nor the next run, which may begin while
 * this one still delivers. `detectStep`: the demo replays earlier runs here.
 */
export function run(job: RunJob, session: Session, detectStep = detect): Promise<ExitCode> {
  return withRunStore(job, session, (store, unlock) =>
    recordRun(job, session, store, (run) =>
      runSteps(run, unlock, detectStep).catch((error) => endInDoubt(run, error)),
    ),
  );
}

async function runSteps(
  run: RunContext,
  unlock: () => void,
  detectStep: typeof detect,
): Promise<ExitCode> {
  const { store, window, session, record } = run;
  const collected = await collect(run);
  identifyTests(run, collected);
  await finalizeHistory(store, window.to, session);
  await detectStep(run, collected);
  let summaries: Awaited<ReturnType<typeof publish>> = null;
  let upkeep = Promise.resolve();
  try {
    summaries = await publish(run, collected);
    upkeep = maintain(run, collected);
  } finally {
    // A failed site must not hold back notifications.
    await allDone([notify(run, summaries), upkeep.finally(unlock)]);
  }
  return exitCodes[record.outcome];
}
