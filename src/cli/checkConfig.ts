import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/load.ts';
import { groupsOf, selects } from '../model/selection.ts';
import type { Test } from '../model/test.ts';
import { alertSettings } from './alertSettings.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import { faultsOfNamedFiles } from './namedFiles.ts';
import { Refusal } from './refusal.ts';
import type { Session } from './session.ts';
import { withStore } from './state.ts';

/**
 * `pstrace config check`: reads the configuration and every file that it names, and says how many tests its groups, recipients and policies are about; what fits no stored test is warned of.
 * Throws a `Refusal` for what is wrong.
 */
export async function checkConfig(config: Config, session: Session): Promise<ExitCode> {
  const faults = await faultsOfNamedFiles(config, session);
  if (faults.length > 0) throw new Refusal(exitCodes.configuration, faults);
  for (const pattern of config.mtr.importPatterns.filter((each) => globSync(each).length === 0)) {
    session.log.warn(`mtr.import: there is no file ${pattern}`);
  }
  alertSettings(config, session);
  const { file, state } = config;
  const isThere = existsSync(file);
  session.say(isThere ? `${file} is right` : `${file} is not there; the defaults hold`);
  if (!existsSync(join(state, 'pstrace.db'))) return exitCodes.good;
  return withStore(state, session, 'read', async (store) => {
    const tests = store.tests();
    for (const { label, about } of selections(config)) {
      const count = tests.filter((test) => isAbout(about, test, config.groups)).length;
      session.say(`${label}: ${count} of ${tests.length} tests`);
    }
    for (const { label, about } of selections(config)) {
      for (const pattern of about.tests.filter(
        (each) => !tests.some((test) => selects(each, test)),
      )) {
        session.log.warn(`${label}: no stored test fits "${pattern}"`);
      }
    }
    return exitCodes.good;
  });
}

/** Tests that a block of the configuration is about; empty lists are about all. */
interface About {
  readonly tests: readonly string[];
  readonly groups: readonly string[];
}

function selections({ alerts, groups, policies }: Config): { label: string; about: About }[] {
  return [
    ...groups.map(({ name, tests }) => ({ label: `group ${name}`, about: { tests, groups: [] } })),
    ...(alerts?.recipients ?? []).map((about) => ({ label: `recipient ${about.name}`, about })),
    ...(alerts?.maintenance ?? []).map((about) => ({
      label: `maintenance "${about.reason}"`,
      about,
    })),
    ...policies.map((about, index) => ({ label: `policy ${index + 1}`, about })),
  ];
}

function isAbout({ tests, groups }: About, test: Test, known: Config['groups']): boolean {
  if (tests.length === 0 && groups.length === 0) return true;
  const own = groupsOf(test, known);
  return tests.some((each) => selects(each, test)) || groups.some((name) => own.includes(name));
}
