import { expect, test } from 'vitest';
import { createDetectionState, stepDetection } from '../../../../src/analysis/detection/step.ts';
import type { Responder, Trace } from '../../../../src/model/trace/trace.ts';
import { destination, generator, readScenario, traceOf } from './scenario.ts';

/** A gateway looks for a host for so long before it reports that the host is off. */
const resolutionMs = 3000;

test('a gateway that reports its host off, late and in its place, is an outage and no change of route', () => {
  const { phases } = readScenario(`
    usual 100 a b c.lon e.lis D
    off 18 a b c.lon e.lis?50 !e.lis
    back 12 a b c.lon e.lis D
  `);
  const responders = new Map<string, Responder>();
  const random = generator(1);
  let state = createDetectionState('test', destination);
  let at = 1_700_000_000;
  const classes: string[] = [];
  for (const phase of phases) {
    for (let index = 0; index < phase.traces; index++) {
      at += phase.stepSeconds;
      const trace = traceOf(phase, at, random, responders);
      const stepped = stepDetection(state, delayed(trace), responders);
      state = stepped.state;
      for (const event of stepped.events)
        if (event.kind === 'change') classes.push(`${event.change.class} in ${phase.name}`);
    }
  }
  expect(classes).toEqual(['unreachable in off', 'recovered in back']);
});

/** The error of a trace comes after the time of a look-up. */
function delayed(trace: Trace): Trace {
  const errorAt = trace.route.hops.findIndex(({ error }) => error !== null);
  return {
    ...trace,
    rttMs: trace.rttMs.map((ms, index) => (index === errorAt ? (ms ?? 0) + resolutionMs : ms)),
  };
}
