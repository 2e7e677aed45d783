import type { AlertActions } from './alertProgram.ts';
import type { LogOptions } from './options.ts';
import type { Session } from './session.ts';
import { siteConfig } from './settings.ts';

/** Does the work of a command in a session of its own. */
export type InSession = (
  options: LogOptions,
  work: (session: Session) => Promise<number>,
) => Promise<void>;

/** The commands about alerts and what is expected; each loads its own code when it is called. */
export function alertActions(session: InSession): AlertActions {
  return {
    addSilence: (options) =>
      session(options, async (at) => {
        const { addSilence } = await import('./silence.ts');
        return addSilence(options, siteConfig(options), at);
      }),
    listSilences: (options) =>
      session(options, async (at) => {
        const { listSilences } = await import('./silence.ts');
        return listSilences(options, siteConfig(options), at);
      }),
    removeSilences: (ids, options) =>
      session(options, async (at) => {
        const { removeSilences } = await import('./silence.ts');
        return removeSilences(ids, siteConfig(options), at);
      }),
    acknowledge: (incident, options) =>
      session(options, async (at) => {
        const { acknowledge } = await import('./acknowledge.ts');
        return acknowledge(incident, options, siteConfig(options), at);
      }),
    checkTests: (pattern, options) =>
      session(options, async (at) => {
        const { checkTests, unknownOf } = await import('./checkTests.ts');
        try {
          return await checkTests(pattern, options.maxAge, siteConfig(options), at);
        } catch (error) {
          const unknown = unknownOf(error);
          if (unknown === null) throw error;
          at.say(unknown.output);
          return unknown.code;
        }
      }),
    testAlert: (options) =>
      session(options, async (at) => {
        const { testAlert } = await import('./testAlert.ts');
        return testAlert(siteConfig(options), options.recipient ?? [], at);
      }),
    learn: (tests, options) =>
      session(options, async (at) => {
        const { learn } = await import('./learn.ts');
        return learn(tests, siteConfig(options), at);
      }),
    checkConfig: (options) =>
      session(options, async (at) => {
        const { checkConfig } = await import('./checkConfig.ts');
        return checkConfig(siteConfig(options), at);
      }),
    importPsTrace: (file, options) =>
      session(options, async (at) => {
        const { importConfig } = await import('./importConfig.ts');
        return importConfig(file, at);
      }),
  };
}
