import type { LimitValue } from './policySchema.ts';
import type { FileConfig } from './schema.ts';

/**
 * `[[policy]]`: expectations of some tests or groups, or of all tests where both lists are empty.
 * `undefined`: this block does not state it.
 */
export interface PolicyConfig {
  readonly tests: readonly string[];
  readonly groups: readonly string[];
  readonly mustTraverse: readonly string[] | undefined;
  readonly mustAvoid: readonly string[] | undefined;
  readonly expectAsPath: readonly string[] | undefined;
  readonly backupAsPath: readonly string[] | undefined;
  readonly maxHops: LimitValue | undefined;
  readonly maxRttMs: LimitValue | undefined;
  readonly maxLossPct: LimitValue | undefined;
  readonly maxHopRttMs: LimitValue | undefined;
  readonly maxHopLossPct: LimitValue | undefined;
}

/** The `[[policy]]` blocks in the order of the file. */
export function toPolicyConfigs(blocks: FileConfig['policy']): PolicyConfig[] {
  return blocks.map((block) => ({
    tests: block.tests,
    groups: block.groups,
    mustTraverse: block.must_traverse ?? undefined,
    mustAvoid: block.must_avoid ?? undefined,
    expectAsPath: block.expect_as_path ?? undefined,
    backupAsPath: block.backup_as_path ?? undefined,
    maxHops: block.max_hops ?? undefined,
    maxRttMs: block.max_rtt_ms ?? undefined,
    maxLossPct: block.max_loss_pct ?? undefined,
    maxHopRttMs: block.max_hop_rtt_ms ?? undefined,
    maxHopLossPct: block.max_hop_loss_pct ?? undefined,
  }));
}
