import type { Finding } from '../../analysis/detection/finding.ts';
import type { DetectionSettings } from '../../analysis/detection/settings.ts';
import type { PolicyState } from '../../analysis/policy/trackPolicy.ts';
import type { Change } from '../../model/change/change.ts';
import type { DetectionCheckpoint } from '../../model/change/detectionCheckpoint.ts';
import type { KnownResponders } from '../../model/trace/knownResponders.ts';
import type { StoredDetection } from '../../store/alerts/detectionStates.ts';
import type { Store } from '../../store/store.ts';
import type { PolicySet } from './testPolicy.ts';

/** Input that the detection of every test shares. */
export interface DetectionContext {
  readonly store: Pick<
    Store,
    'detectionStates' | 'lateArrivals' | 'changes' | 'traces' | 'readTracesOnce'
  >;
  readonly policy: PolicySet;
  readonly settings: DetectionSettings;
  /** Traces that arrive later than this are not detected. */
  readonly replaySpanSeconds: number;
  readonly responders: KnownResponders;
  /** Epoch seconds. */
  readonly now: number;
  /** By test id: since when its changes send notifications, epoch seconds. */
  readonly watchedSince: ReadonlyMap<string, number>;
  /** Ids of tests with a policy state in the store. */
  readonly underPolicy: ReadonlySet<string>;
  /** By test id: its open route changes. */
  readonly openRouteChanges: ReadonlyMap<string, readonly Change[]>;
  /** By test id: findings that no incident has recorded yet. */
  readonly queuedFindings: ReadonlyMap<string, readonly Finding[]>;
}

/** Changes to the stored state of a test. */
export interface DetectionResult {
  readonly testId: string;
  readonly detection: StoredDetection;
  /** Whether to save the previous state as a checkpoint, from which late traces can be replayed. */
  readonly isCheckpoint: boolean;
  /** Replaces all checkpoints after `since` (epoch seconds); null if nothing was replayed. */
  readonly replayed: {
    readonly since: number;
    readonly checkpoint: DetectionCheckpoint | null;
  } | null;
  /** Since when its changes send notifications, epoch seconds; null if the store knows. */
  readonly watchFrom: number | null;
  /** null without a policy. */
  readonly policyState: PolicyState | null;
  readonly findings: readonly Finding[];
}
