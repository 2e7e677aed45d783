import type { TestState } from '../../analysis/detection/state.ts';
import { step } from '../../analysis/detection/step.ts';
import type { ChangeClass, ChangeEvent } from '../../model/change.ts';
import type { Responder, Trace } from '../../model/trace.ts';
import { type Finding, routeClasses } from './finding.ts';

type Responders = ReadonlyMap<string, Responder>;

/** A state to go on with, and what was found on the way. */
export interface SteppedThrough {
  readonly state: TestState;
  readonly findings: readonly Finding[];
}

/** Takes the traces of one test, ascending, through the detection. The state given is used up. */
export function stepThrough(
  before: TestState,
  traces: readonly Trace[],
  responders: Responders,
): SteppedThrough {
  const findings: Finding[] = [];
  let state = before;
  for (const trace of traces) {
    const wasOpen = openPerformance(state);
    const stepped = step(state, trace, responders);
    state = stepped.state;
    findings.push(...told(stepped.events));
    const normal = silentlyNormal(wasOpen, state, stepped.events);
    const { testId } = state;
    if (normal.length > 0)
      findings.push({ kind: 'accepted', testId, at: trace.startedAt, classes: normal });
  }
  return { state, findings };
}

function told(events: readonly ChangeEvent[]): Finding[] {
  const ids = new Set<string>();
  return events.map((event): Finding => {
    if (event.kind === 'accepted') return { ...event, classes: routeClasses };
    const { change } = event;
    const id = freeId(change.id, ids);
    ids.add(id);
    return { kind: 'change', change: { ...change, id }, elements: [] };
  });
}

/** Several recoveries may come with one trace, each of another class. */
function freeId(wanted: string, taken: ReadonlySet<string>): string {
  let id = wanted;
  for (let next = 2; taken.has(id); next++) id = `${wanted}-${next}`;
  return id;
}

const performanceClasses = ['rtt_shift', 'loss', 'mtu_drop'] as const;
type PerformanceClass = (typeof performanceClasses)[number];

function openPerformance({ performance }: TestState): PerformanceClass[] {
  const open = {
    rtt_shift: performance.rtt,
    loss: performance.loss.open,
    mtu_drop: performance.mtu,
  };
  return performanceClasses.filter((kind) => open[kind] !== null);
}

/** Classes of which a test has nothing open. */
export function closedClasses(state: TestState): ChangeClass[] {
  const open = openPerformance(state);
  const route = state.episode.open ? [] : routeClasses;
  return [...route, ...performanceClasses.filter((kind) => !open.includes(kind))];
}

/** What was open, is not any more, and of which no event tells: after a day it is taken for normal. */
function silentlyNormal(
  wasOpen: readonly PerformanceClass[],
  state: TestState,
  events: readonly ChangeEvent[],
): PerformanceClass[] {
  if (wasOpen.length === 0) return [];
  const open = openPerformance(state);
  const closed = events.flatMap((event) => (event.kind === 'change' ? event.change.closes : []));
  return wasOpen.filter((kind) => !open.includes(kind) && !closed.includes(kind));
}
