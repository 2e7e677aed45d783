import { type LearnedRule, learnPolicy } from '../../analysis/policy/learnPolicy.ts';
import { policyToml } from '../../analysis/policy/policyToml.ts';
import { analyzeTest } from '../../analysis/window/analyzeTest.ts';
import { memoryOfWindow } from '../../analysis/window/testState.ts';
import type { Config } from '../../config/load.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import { matchesTest } from '../../model/test/selection.ts';
import type { Store } from '../../store/store.ts';
import type { Session } from '../session.ts';
import { withStore } from '../stateLock.ts';
import { parsePattern } from './parsePattern.ts';

/**
 * Prints [[policy]] blocks that fit the stored traces of all tests, or of those that patterns
 * select. The user reviews them and adds them to the configuration. Throws a `UsageError` for an
 * invalid pattern.
 */
export function learn(
  patternTexts: readonly string[],
  { state, traceRetentionSeconds }: Config,
  session: Session,
): Promise<ExitCode> {
  const patterns = patternTexts.map(parsePattern);
  return withStore(state, session, 'read', async (store) => {
    const selected = store
      .tests()
      .filter((test) => patterns.length === 0 || patterns.some((each) => matchesTest(each, test)));
    const rules = learnFrom(store, selected, traceRetentionSeconds, session);
    if (rules.length === 0) {
      session.log.error(`${reasonForNoRules(selected.length, patterns.length)}; nothing to learn`);
      return exitCodes.failed;
    }
    session.print(policyToml(rules).trimEnd());
    session.log.info('policy learned', { rules: rules.length, tests: selected.length });
    return exitCodes.ok;
  });
}

function reasonForNoRules(selectedTests: number, patterns: number): string {
  if (selectedTests > 0)
    return `none of ${selectedTests} tests has enough traces that reached the destination`;
  return patterns === 0 ? 'no test is stored yet' : 'no stored test matches';
}

function learnFrom(
  store: Store,
  tests: ReturnType<Store['tests']>,
  traceRetentionSeconds: number,
  { now, signal, progress }: Session,
): LearnedRule[] {
  const responders = store.responders();
  const window = { from: now - traceRetentionSeconds, to: now };
  const display = progress.phase('tests', tests.length);
  return tests.flatMap((test) => {
    signal.throwIfAborted();
    const traces = store.traces(test.id, window);
    const failures = store.failures(test.id, window);
    display.advance();
    if (traces.length === 0) return [];
    const memory = memoryOfWindow(traces, failures);
    const input = {
      test,
      traces,
      failures,
      responders: responders.of([test]),
      window,
      memory,
      now,
    };
    return learnPolicy([analyzeTest(input)]);
  });
}
