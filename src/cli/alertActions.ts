import type { Session } from '../pipeline/session.ts';
import type { AlertActions } from './alertProgram.ts';
import type { CommonOptions } from './options.ts';
import { loadSiteConfig } from './siteConfig.ts';

/** Does the work of a command in a session of its own. */
export type RunInSession = (
  options: CommonOptions,
  work: (session: Session) => Promise<number>,
) => Promise<void>;

/** The commands about alerts and what is expected; each loads its own code when it is called. */
export function createAlertActions(runInSession: RunInSession): AlertActions {
  return {
    addSilence: (options) =>
      runInSession(options, async (session) => {
        const { addSilence } = await import('../pipeline/operator/silence.ts');
        return addSilence(options, loadSiteConfig(options), session);
      }),
    listSilences: (options) =>
      runInSession(options, async (session) => {
        const { listSilences } = await import('../pipeline/operator/silence.ts');
        return listSilences(options, loadSiteConfig(options), session);
      }),
    removeSilences: (ids, options) =>
      runInSession(options, async (session) => {
        const { removeSilences } = await import('../pipeline/operator/silence.ts');
        return removeSilences(ids, loadSiteConfig(options), session);
      }),
    acknowledge: (incident, options) =>
      runInSession(options, async (session) => {
        const { acknowledge } = await import('../pipeline/operator/acknowledge.ts');
        return acknowledge(incident, options, loadSiteConfig(options), session);
      }),
    checkTests: (pattern, options) =>
      runInSession(options, async (session) => {
        const { checkTests, unknownResult } = await import('../pipeline/operator/checkTests.ts');
        try {
          return await checkTests(pattern, options.maxAge, loadSiteConfig(options), session);
        } catch (error) {
          const result = unknownResult(error);
          if (result === null) throw error;
          session.print(result.output);
          return result.code;
        }
      }),
    testAlert: (options) =>
      runInSession(options, async (session) => {
        const { testAlert } = await import('../pipeline/operator/testAlert.ts');
        return testAlert(loadSiteConfig(options), options.recipient ?? [], session);
      }),
    learn: (tests, options) =>
      runInSession(options, async (session) => {
        const { learn } = await import('../pipeline/operator/learn.ts');
        return learn(tests, loadSiteConfig(options), session);
      }),
    checkConfig: (options) =>
      runInSession(options, async (session) => {
        const { checkConfig } = await import('../pipeline/operator/checkConfig.ts');
        return checkConfig(loadSiteConfig(options), session);
      }),
    importPsTrace: (file, options) =>
      runInSession(options, async (session) => {
        const { importConfig } = await import('../pipeline/operator/importConfig.ts');
        return importConfig(file, session);
      }),
  };
}
