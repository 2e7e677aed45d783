import { expect, test } from 'vitest';
import { failureReasonOf, failureReasons } from '../../../src/model/trace/failureReason.ts';

test.each([
  ['Unable to resolve ps-a.example.net to an IPv4 address', 'the name cannot be resolved'],
  ['Name or service not known', 'the name cannot be resolved'],
  ['connect: Network is unreachable', 'there is no route to the destination'],
  ['Process took too long to run.', 'the run did not finish in time'],
  ['Traceroute timed out', 'the run did not finish in time'],
  ['Test forbidden by limits', 'the limits of a host reject the test'],
  ['traceroute: Operation not permitted', 'the measuring host may not send the probes'],
  ['traceroute is not installed', 'the measuring host has no tool for the test'],
  ['Run was preempted', 'the run was not scheduled, or not started'],
  ['Unable to contact participant', 'a host of the test did not respond'],
  ['gw-hidden: 10.0.0.1 went wrong', 'another reason'],
  ['  ', 'no reason given'],
  [7, 'no reason given'],
  [null, 'no reason given'],
] as const)('%j means: %s', (words, reason) => {
  expect(failureReasonOf(words)).toBe(reason);
});

test('each reason is its own', () => {
  expect(failureReasons.map(failureReasonOf)).toEqual(failureReasons);
});
