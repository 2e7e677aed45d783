import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExitCode, exitCodes } from '../lib/exitCodes.ts';
import { collect } from './collect/collect.ts';
import { detect } from './detect/detect.ts';
import { identifyTests } from './identify/identifyTests.ts';
import { type RunJob, recordRun, withRunStore } from './runContext.ts';
import type { Session } from './session.ts';

/**
 * Collects and detects, prints the notifications that a run would send, and undoes everything.
 * Without a database, it works in a temporary folder, so that it leaves no files.
 */
export async function dryRun(job: RunJob, session: Session): Promise<ExitCode> {
  const { config } = job;
  if (existsSync(join(config.state, 'pstrace.db'))) return rehearse(job, session);
  const state = mkdtempSync(join(tmpdir(), 'pstrace-'));
  try {
    return await rehearse({ ...job, config: { ...config, state } }, session);
  } finally {
    rmSync(state, { recursive: true });
  }
}

function rehearse(job: RunJob, session: Session): Promise<ExitCode> {
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
