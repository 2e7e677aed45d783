import type { ChangeClass, ChangeEvent } from '../../model/change/change.ts';
import type { Responder, Trace } from '../../model/trace/trace.ts';
import type { DetectionState } from './detectionState.ts';
import { type Finding, routeClasses } from './finding.ts';
import { hasReportedOutage } from './pendingAlert.ts';
import type { DetectionSettings } from './settings.ts';
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
  settings: DetectionSettings,
): StepThroughResult {
  const findings: Finding[] = [];
  let state = before;
  for (const trace of traces) {
    const stepped = stepDetection(state, trace, responders, settings);
    state = stepped.state;
    findings.push(...toFindings(stepped.events));
  }
  return { state, findings };
}

function toFindings(events: readonly ChangeEvent[]): Finding[] {
  const ids = new Set<string>();
  return events.map((event): Finding => {
    if (event.kind !== 'change') return event;
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

/**
 * The classes in which a test has nothing open. An outage that other tests confirmed may be open.
 */
export function closedClasses(state: DetectionState): ChangeClass[] {
  const { performance, pendingAlert, silentEnd } = state;
  const closed: ChangeClass[] = pendingAlert.open ? [] : [...routeClasses];
  if (pendingAlert.open && !hasReportedOutage(state)) closed.push('unreachable');
  if (!performance.rtt.open?.reported) closed.push('rtt_shift');
  if (performance.loss.open === null) closed.push('loss');
  if (performance.mtu === null) closed.push('mtu_drop');
  return silentEnd?.isReported ? closed.filter((each) => each !== 'unreachable') : closed;
}
