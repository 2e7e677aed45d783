import type { Family } from '../model/test/test.ts';
import type { Interval } from '../model/trace/trace.ts';
import { hourSeconds } from '../model/values/time.ts';
import { type PlannedEvent, plannedEvents, type ScenarioIncident } from './data/plannedEvents.ts';
import { mixNumbers, randomFrom } from './random.ts';

/** Deviations from the normal network, by link id; constant between two moments of the scenario. */
export interface Conditions {
  /** Equal for equal conditions. */
  readonly key: string;
  readonly down: ReadonlySet<string>;
  readonly cost: ReadonlyMap<string, number>;
  readonly extraMs: ReadonlyMap<string, number>;
  readonly mtu: ReadonlyMap<string, number>;
}

/** An event of the scenario at its real time, epoch seconds; `until` is null while it is active. */
export type TimedEvent = ScenarioIncident & {
  readonly from: number;
  readonly until: number | null;
  readonly text: string;
};

/** The scenario of the demo at real times. */
export interface ScenarioTimeline {
  readonly events: readonly TimedEvent[];
  /** When the flapping link is down. */
  readonly flapDowntimes: readonly Interval[];
  /** Conditions of the network at a moment. */
  conditionsAt(time: number): Conditions;
  /** The active event of a kind for a host at a moment. */
  hostEvent(kind: HostEventKind, host: string, time: number): HostEvent | undefined;
}

type HostEvent = TimedEvent & { readonly host: string; readonly family?: Family };
type HostEventKind = HostEvent['kind'];

interface ConditionChange extends Interval {
  readonly event: ScenarioIncident;
}

const openEnd = Number.MAX_SAFE_INTEGER;

/** The network without any fault. */
export const normalConditions: Conditions = conditionsOf([]);

/**
 * Places the planned events before `now` (epoch seconds). The seed decides the rhythm of the
 * flapping link.
 */
export function layOutScenario(now: number, seed: number): ScenarioTimeline {
  const at = (hours: number): number => Math.round(now - hours * hourSeconds);
  const events = plannedEvents.map((planned: PlannedEvent): TimedEvent => {
    return {
      ...planned,
      from: at(planned.from),
      until: planned.until === null ? null : at(planned.until),
    };
  });
  const changes = events.flatMap((event) => changesOf(event, seed));
  const moments = [...new Set(changes.flatMap((change) => [change.from, change.to]))];
  moments.sort((a, b) => b - a);
  const epochs = moments.map((from) => ({ from, conditions: conditionsAmong(changes, from) }));
  const hostEvents = events.filter((event): event is HostEvent => 'host' in event);
  return {
    events,
    flapDowntimes: changes.filter((change) => change.event.kind === 'flap'),
    conditionsAt: (time) => {
      for (const epoch of epochs) if (epoch.from <= time) return epoch.conditions;
      return normalConditions;
    },
    hostEvent: (kind, host, time) => {
      for (const event of hostEvents) {
        if (event.kind === kind && event.host === host && isDuring(event, time)) return event;
      }
      return undefined;
    },
  };
}

/** Whether an event is active at a moment. */
export function isDuring(event: TimedEvent, time: number): boolean {
  return event.from <= time && (event.until === null || time < event.until);
}

/** The spans in which an event affects the network: one for most, many for a flap. */
function changesOf(event: TimedEvent, seed: number): ConditionChange[] {
  if (!('link' in event)) return [];
  const to = event.until ?? openEnd;
  if (event.kind !== 'flap') return [{ from: event.from, to, event }];
  const random = randomFrom(mixNumbers(seed, event.from));
  const minutes = (): number => Math.round(15 + 15 * random()) * 60;
  const spans: ConditionChange[] = [];
  for (let from = event.from; from < to; ) {
    const end = Math.min(to, from + minutes());
    spans.push({ from, to: end, event });
    from = end + minutes();
  }
  return spans;
}

function conditionsAmong(changes: readonly ConditionChange[], time: number): Conditions {
  return conditionsOf(changes.filter((change) => change.from <= time && time < change.to));
}

function conditionsOf(changes: readonly ConditionChange[]): Conditions {
  const down = new Set<string>();
  const cost = new Map<string, number>();
  const extraMs = new Map<string, number>();
  const mtu = new Map<string, number>();
  for (const { event } of changes) {
    if (event.kind === 'link-failure' || event.kind === 'flap') down.add(event.link);
    if (event.kind === 'reroute') cost.set(event.link, event.cost);
    if (event.kind === 'congestion') extraMs.set(event.link, event.extraMs);
    if (event.kind === 'mtu-drop') mtu.set(event.link, event.mtu);
  }
  const key = JSON.stringify([[...down], [...cost], [...extraMs], [...mtu]]);
  return { key, down, cost, extraMs, mtu };
}
