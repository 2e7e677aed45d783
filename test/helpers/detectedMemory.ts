import { defaultDetectionSettings } from '../../src/analysis/detection/settings.ts';
import { createDetectionState } from '../../src/analysis/detection/step.ts';
import { stepThrough } from '../../src/analysis/detection/stepThrough.ts';
import type { TestInput } from '../../src/analysis/window/analyzeTest.ts';
import { memoryOfWindow, type TestMemory } from '../../src/analysis/window/testState.ts';
import { type Change, type ChangeClass, pointEventClasses } from '../../src/model/change/change.ts';

/** What the detection holds open after the traces of a test, and what else they show of it. */
export function detectedMemory({
  test,
  traces,
  failures,
  responders,
}: Omit<TestInput, 'memory'>): TestMemory {
  const ascending = traces.toSorted((a, b) => a.startedAt - b.startedAt);
  const initial = createDetectionState(test.id, test.destination.address);
  const { findings } = stepThrough(initial, ascending, responders, defaultDetectionSettings);
  let openChanges: Change[] = [];
  const end = (classes: readonly ChangeClass[]) => {
    openChanges = openChanges.filter((change) => !classes.includes(change.class));
  };
  for (const finding of findings) {
    if ('classes' in finding) end(finding.classes);
    else if (finding.kind !== 'change') continue;
    else if (finding.change.class === 'recovered') end(finding.change.closes);
    else if (!pointEventClasses.includes(finding.change.class)) openChanges.push(finding.change);
  }
  return { ...memoryOfWindow(ascending, failures), openChanges };
}
