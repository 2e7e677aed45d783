import type { ChangeClass, ChangeEvent } from '../../model/change.ts';
import type { Responder, Trace } from '../../model/trace.ts';
import type { DetectionState } from './detectionState.ts';
import { type Finding, routeClasses } from './finding.ts';
import { stepDetection } from './step.ts';

type ResponderMap = ReadonlyMap<string, Responder>;

/** The next state, and the findings on the way. */
export interface StepThroughResult {
  readonly state: DetectionState;
  readonly findings: readonly Finding[];
}

/** Takes the traces of one test, ascending, through the detection. Uses up the state given. */
export function stepThrough(
  before: DetectionState,
  traces: readonly Trace[],
  responders: ResponderMap,
): StepThroughResult {
  const findings: Finding[] = [];
  let state = before;
  for (const trace of traces) {
    const openBefore = openPerformanceClasses(state);
    const stepped = stepDetection(state, trace, responders);
    state = stepped.state;
    findings.push(...toFindings(stepped.events));
    const accepted = silentlyAccepted(openBefore, state, stepped.events);
    const { testId } = state;
    if (accepted.length > 0)
      findings.push({ kind: 'accepted', testId, at: trace.startedAt, classes: accepted });
  }
  return { state, findings };
}

function toFindings(events: readonly ChangeEvent[]): Finding[] {
  const ids = new Set<string>();
  return events.map((event): Finding => {
    if (event.kind === 'accepted') return { ...event, classes: routeClasses };
    const { change } = event;
    const id = uniqueId(change.id, ids);
    ids.add(id);
    return { kind: 'change', change: { ...change, id }, elements: [] };
  });
}

/** Makes an id unique: several recoveries may come with one trace, each of another class. */
function uniqueId(wanted: string, usedIds: ReadonlySet<string>): string {
  let id = wanted;
  for (let next = 2; usedIds.has(id); next++) id = `${wanted}-${next}`;
  return id;
}

const performanceClasses = ['rtt_shift', 'loss', 'mtu_drop'] as const;
type PerformanceClass = (typeof performanceClasses)[number];

function openPerformanceClasses({ performance }: DetectionState): PerformanceClass[] {
  const open = {
    rtt_shift: performance.rtt,
    loss: performance.loss.open,
    mtu_drop: performance.mtu,
  };
  return performanceClasses.filter((changeClass) => open[changeClass] !== null);
}

/** The classes in which a test has nothing open. */
export function closedClasses(state: DetectionState): ChangeClass[] {
  const open = openPerformanceClasses(state);
  const route = state.pendingAlert.open ? [] : routeClasses;
  return [...route, ...performanceClasses.filter((changeClass) => !open.includes(changeClass))];
}

/**
 * The classes that were open, are not any more, and have no event: after a day they count as
 * normal.
 */
function silentlyAccepted(
  openBefore: readonly PerformanceClass[],
  state: DetectionState,
  events: readonly ChangeEvent[],
): PerformanceClass[] {
  if (openBefore.length === 0) return [];
  const open = openPerformanceClasses(state);
  const closed = events.flatMap((event) => (event.kind === 'change' ? event.change.closes : []));
  return openBefore.filter(
    (changeClass) => !open.includes(changeClass) && !closed.includes(changeClass),
  );
}
