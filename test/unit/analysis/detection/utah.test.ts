import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createDetectionState, stepDetection } from '../../../../src/analysis/detection/step.ts';
import { parseTraces } from '../../../../src/sources/esmond/parseResults.ts';
import { createResultFaults } from '../../../../src/sources/esmond/resultFaults.ts';

const sample = new URL(
  '../../../../../shared/data/esmond4-utah-packet-trace-first90.json',
  import.meta.url,
);
const address = '155.98.59.20';

/** The sample is not part of the project. */
test.runIf(existsSync(sample))(
  'a real day with many hop lists and one AS path reports nothing (skipped without the sample)',
  () => {
    const answer = JSON.parse(readFileSync(sample, 'utf8')) as unknown[];
    const context = {
      destination: { address, name: 'destination' },
      firstTtl: 1,
      lastTtl: 30,
      interval: { from: 0, to: Number.MAX_SAFE_INTEGER },
    };
    const { traces, responders } = parseTraces(answer, context, createResultFaults());
    let state = createDetectionState('utah', address);
    for (const trace of traces) {
      const stepped = stepDetection(state, trace, responders);
      state = stepped.state;
      expect(stepped.events).toEqual([]);
    }
    expect(state.traces).toBe(90);
  },
);
