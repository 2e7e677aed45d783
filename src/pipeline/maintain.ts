import { queryDns } from './collect/addressLookups.ts';
import { pruneTraces } from './pruneTraces.ts';
import type { RunContext } from './runContext.ts';

/** Prunes old traces, and looks up names and ASes for the pages of later runs. */
export async function maintain({ store, window, config, session }: RunContext): Promise<void> {
  pruneTraces(store, window, config.traceRetentionSeconds, session);
  await queryDns(store, config, session);
}
