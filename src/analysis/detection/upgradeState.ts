import type { DetectionState, ReachState, RouteState } from './detectionState.ts';
import type { Device } from './identity/devices.ts';
import { type PerformanceVersion4, upgradePerformance } from './performance/storedPerformance.ts';
import { renameStateFields } from './renameStateFields.ts';
import { maxHopRtts, maxRtts } from './route/baseline.ts';
import { restoreRtts, type StoredRtts, toDifferences } from './storedRtts.ts';
import type { StoredBaseline, StoredState } from './storedShape.ts';

/** Version 4: shares of devices without the draws behind them, and times in traces. */
interface StateVersion4
  extends Omit<
    StoredState,
    'version' | 'route' | 'reach' | 'performance' | 'repeats' | 'placeholders'
  > {
  readonly version: 4;
  readonly performance: PerformanceVersion4;
  readonly route: Pick<
    RouteState,
    'learning' | 'usualBaselineId' | 'nextBaselineId' | 'sinceSwitch' | 'switchedAt' | 'open'
  > & {
    readonly baselines: readonly BaselineVersion4[];
    readonly explainedAt: number | null;
    readonly worse?: boolean;
    readonly flapping: boolean;
  };
  readonly reach: Omit<ReachState, 'endedAt'> & {
    readonly sinceOutage?: unknown;
    readonly outage?: unknown;
  };
}

type BaselineVersion4 = Omit<StoredBaseline, 'positions' | 'halvedAt' | 'reachedRttsUs'> & {
  /** The starts as differences in ms, the times as they are. */
  readonly reachedRtts: StoredRtts;
  readonly endSingletons?: unknown;
  readonly ends?: unknown;
  readonly positions: readonly (
    | readonly [
        answered: number,
        singletons: number,
        devices: Record<number, number>,
        rttsUs: number[],
        cursor: number,
      ]
    | null
  )[];
};

/** Version 2: complete, with the devices by address and, behind an `@`, by router name. */
interface StateVersion2
  extends Omit<DetectionState, 'devices' | 'route' | 'reach' | 'performance'> {
  readonly version: 2;
  readonly performance: PerformanceVersion4;
  readonly devices: {
    readonly list: (Device | null)[];
    readonly byRouter: Readonly<Record<string, number>>;
  };
  readonly route: Omit<StateVersion4['route'], 'baselines'> & {
    readonly baselines: readonly BaselineVersion2[];
  };
  readonly reach: StateVersion4['reach'];
}

type BaselineVersion2 = Omit<BaselineVersion4, 'positions' | 'reachedRtts'> & {
  readonly positions: readonly ({
    readonly answered: number;
    readonly singletons: number;
    readonly devices: Record<number, number>;
    readonly rttsMs: number[];
    readonly cursor: number;
  } | null)[];
  readonly reachedRtts: readonly { readonly at: number; readonly ms: number }[];
};

/** A stored state of version 2 to 5 as version 5; null for anything else. */
export function upgradeState(stored: unknown): StoredState | null {
  const version = (stored as { readonly version?: unknown } | null)?.version;
  if (version === 5) return stored as StoredState;
  if (version === 4) return fromVersion4(stored as StateVersion4);
  if (version === 3) return fromVersion4(renameStateFields(stored) as StateVersion4);
  if (version === 2) return fromVersion4(fromVersion2(renameStateFields(stored) as StateVersion2));
  return null;
}

/** Open changes and usual routes stay. An earlier flap is one between the last two routes. */
function fromVersion4({ route, reach, performance, ...rest }: StateVersion4): StoredState {
  const { learning, usualBaselineId, nextBaselineId, sinceSwitch, switchedAt, open } = route;
  const { sinceOutage: _, outage: __, ...currentReach } = reach;
  const [current, other] = route.baselines;
  const [startsMs, rttsUs] = current?.reachedRtts ?? [[], []];
  return {
    ...rest,
    version: 5,
    repeats: [],
    placeholders: [],
    reach: { ...currentReach, endedAt: null },
    route: {
      learning,
      usualBaselineId,
      nextBaselineId,
      sinceSwitch,
      switchedAt,
      open,
      level: null,
      worse: route.worse ?? false,
      learnedAt: route.explainedAt,
      earlyEnds: 0,
      usualInRow: 0,
      swings: [],
      flap: route.flapping
        ? { routes: [current?.id ?? 0, other?.id ?? 0], swungAt: rest.newestAt ?? 0 }
        : null,
      window: [],
      baselines: route.baselines.map(upgradeBaseline),
    },
    performance: upgradePerformance(
      performance,
      current?.id ?? 0,
      restoreRtts([startsMs.map((ms) => ms / 1000), toDifferences(rttsUs)]),
    ),
  };
}

function upgradeBaseline({
  endSingletons: _,
  ends: __,
  positions,
  reachedRtts: [, rttsUs],
  ...rest
}: BaselineVersion4): StoredBaseline {
  return {
    ...rest,
    halvedAt: rest.lastAt,
    positions: positions.map((position) => {
      if (position === null) return null;
      const [answered, singletons, devices, timesUs, cursor] = position;
      const asked = Math.max(answered, rest.traces);
      const novel = Math.max(0, singletons - 1);
      const newestUs = [...timesUs.slice(cursor), ...timesUs.slice(0, cursor)].slice(-maxHopRtts);
      return [asked, answered, novel, devices, [null, 0, 0], toDifferences(newestUs)];
    }),
    reachedRttsUs: toDifferences(rttsUs.slice(-maxRtts)),
  };
}

function fromVersion2({ devices, route, ...rest }: StateVersion2): StateVersion4 {
  return {
    ...rest,
    version: 4,
    devices: devices.list.map(
      (device) =>
        device && [device.addresses, device.router, device.place, device.asn, device.local ? 1 : 0],
    ),
    routers: Object.entries(devices.byRouter).map(([key, id]) => [key.slice(1), id] as const),
    route: { ...route, baselines: route.baselines.map(compactBaseline) },
  };
}

function compactBaseline({ positions, reachedRtts, ...rest }: BaselineVersion2): BaselineVersion4 {
  const startsMs = reachedRtts.map(({ at }) => Math.round(at * 1000));
  return {
    ...rest,
    positions: positions.map(
      (position) =>
        position && [
          position.answered,
          position.singletons,
          position.devices,
          position.rttsMs.map((ms) => Math.round(ms * 1000)),
          position.cursor,
        ],
    ),
    reachedRtts: [
      startsMs.map((startMs, index) => startMs - (startsMs[index - 1] ?? 0)),
      reachedRtts.map(({ ms }) => Math.round(ms * 1000)),
    ],
  };
}
