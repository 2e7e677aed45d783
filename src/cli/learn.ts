import { analyseTest } from '../analysis/analyseTest.ts';
import { type LearnedRule, learnPolicy } from '../analysis/policy/learn.ts';
import { policyToml } from '../analysis/policy/policyToml.ts';
import type { Config } from '../config/load.ts';
import { testPattern } from '../config/patterns.ts';
import { selects } from '../model/selection.ts';
import type { Store } from '../store/store.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import { usage } from './refusal.ts';
import type { Session } from './session.ts';
import { withStore } from './state.ts';

/**
 * `pstrace learn`: prints a policy that fits the traces that are stored, for all tests or those that some patterns select, to be
 * looked at and put into the configuration. Throws a `Refusal` for what is no pattern.
 */
export function learn(
  written: readonly string[],
  { state, tracesSeconds }: Config,
  session: Session,
): Promise<ExitCode> {
  const patterns = written.map(readPattern);
  return withStore(state, session, 'read', async (store) => {
    const wanted = store
      .tests()
      .filter((test) => patterns.length === 0 || patterns.some((each) => selects(each, test)));
    const rules = learnFrom(store, wanted, tracesSeconds, session);
    if (rules.length === 0) {
      session.log.error(
        wanted.length === 0
          ? `${patterns.length === 0 ? 'no test is stored yet' : 'no stored test fits'}; nothing can be learned`
          : `none of ${wanted.length} tests has enough traces that reached the destination; nothing can be learned`,
      );
      return exitCodes.nothing;
    }
    session.say(policyToml(rules).trimEnd());
    session.log.info('policy learned', { rules: rules.length, tests: wanted.length });
    return exitCodes.good;
  });
}

function learnFrom(
  store: Store,
  tests: ReturnType<Store['tests']>,
  tracesSeconds: number,
  { now, signal, progress }: Session,
): LearnedRule[] {
  const responders = store.responders();
  const window = { from: now - tracesSeconds, to: now };
  const display = progress.phase('tests', tests.length);
  return tests.flatMap((test) => {
    signal.throwIfAborted();
    const traces = store.traces(test.id, window);
    const failures = store.failures(test.id, window);
    display.step();
    if (traces.length === 0) return [];
    return learnPolicy([analyseTest({ test, traces, failures, responders, window, now })]);
  });
}

/** A pattern of tests as the configuration has them. Throws a `Refusal`. */
export function readPattern(written: string): string {
  const pattern = testPattern(written);
  if (pattern !== null) return pattern;
  throw usage(
    `${JSON.stringify(written)} can fit no test.`,
    'Give a host name, address or test id with *, or two of them as in "a.example.org > *".',
  );
}
