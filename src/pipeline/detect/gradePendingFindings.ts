import { type Finding, sortFindings } from '../../analysis/detection/finding.ts';
import type { GradedMesh } from '../../analysis/detection/mesh/gradedMesh.ts';
import { gradeFindings } from '../../analysis/detection/mesh/gradeFindings.ts';
import { createMeshState, type MeshState } from '../../analysis/detection/mesh/meshState.ts';
import { asElement } from '../../analysis/detection/usualFigures.ts';
import type { Store } from '../../store/store.ts';
import { defaultIntervalSeconds } from './detectionGroups.ts';

/** Name of the memory of the grading in the store. */
const memoryKey = 'grading';

/**
 * The pending findings in the order of time, with their changes graded by what all tests show. Part
 * of a transaction.
 */
export function gradePendingFindings({ detectionStates, tests }: Store): Finding[] {
  const pending = sortFindings(detectionStates.pendingFindings() as Finding[]);
  if (pending.length === 0) return [];
  const saved = detectionStates.meshState(memoryKey) as MeshState | null;
  const state = saved?.version === 1 ? saved : createMeshState();
  const known = new Map(tests().map((test) => [test.id, test]));
  const usualElements = detectionStates.elements();
  const mesh: GradedMesh = {
    testOf(testId) {
      const test = known.get(testId);
      return {
        source: test?.source.name ?? '',
        destination: test?.destination.name ?? '',
        intervalSeconds: test?.intervalSeconds ?? defaultIntervalSeconds,
      };
    },
    testsThrough(asn) {
      const through = [...usualElements].filter(([, elements]) =>
        elements.includes(asElement(asn)),
      );
      return new Set(through.map(([testId]) => testId));
    },
  };
  const graded = gradeFindings(state, pending, mesh);
  detectionStates.setMeshState(memoryKey, state);
  return graded;
}
