import { type LearnedRule, learnPolicy } from '../../analysis/policy/learnPolicy.ts';
import { policyToml } from '../../analysis/policy/policyToml.ts';
import { analyzeTest } from '../../analysis/window/analyzeTest.ts';
import type { Config } from '../../config/load.ts';
import { parseTestPattern } from '../../config/patterns.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import { usageError } from '../../lib/usageError.ts';
import { matchesTest } from '../../model/selection.ts';
import type { Store } from '../../store/store.ts';
import type { Session } from '../session.ts';
import { withStore } from '../stateLock.ts';

/**
 * `pstrace learn`: prints a policy that fits the traces that are stored, for all tests or those that some patterns select, to be
 * looked at and put into the configuration. Throws a `Refusal` for what is no pattern.
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
      session.log.error(
        selected.length === 0
          ? `${patterns.length === 0 ? 'no test is stored yet' : 'no stored test fits'}; nothing can be learned`
          : `none of ${selected.length} tests has enough traces that reached the destination; nothing can be learned`,
      );
      return exitCodes.failed;
    }
    session.print(policyToml(rules).trimEnd());
    session.log.info('policy learned', { rules: rules.length, tests: selected.length });
    return exitCodes.ok;
  });
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
    return learnPolicy([analyzeTest({ test, traces, failures, responders, window, now })]);
  });
}

/** A pattern of tests as the configuration has them. Throws a `Refusal`. */
export function parsePattern(text: string): string {
  const pattern = parseTestPattern(text);
  if (pattern !== null) return pattern;
  throw usageError(
    `${JSON.stringify(text)} can fit no test.`,
    'Give a host name, address or test id with *, or two of them as in "a.example.org > *".',
  );
}
