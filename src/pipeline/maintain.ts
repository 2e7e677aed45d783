import { queryDns } from './collect/addressLookups.ts';
import type { CollectResult } from './collect/collect.ts';
import { pruneTraces } from './pruneTraces.ts';
import type { RunContext } from './runContext.ts';

/** Prunes old traces, and looks up names and ASes for the pages of later runs. */
export async function maintain(
  { store, window, config, session }: RunContext,
  { trustedBefore }: Pick<CollectResult, 'trustedBefore'>,
): Promise<void> {
  const retention = { retentionSeconds: config.traceRetentionSeconds, trustedBefore };
  pruneTraces(store, window, retention, session);
  await queryDns(store, config, session);
}
