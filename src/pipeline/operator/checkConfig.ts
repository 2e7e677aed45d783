import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/load.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import { UsageError } from '../../lib/usageError.ts';
import { groupNamesOf, matchesTest } from '../../model/selection.ts';
import type { Test } from '../../model/test.ts';
import { loadAlertSettings } from '../notify/alertSettings.ts';
import type { Session } from '../session.ts';
import { withStore } from '../stateLock.ts';
import { findFileFaults } from './fileChecks.ts';

/**
 * `pstrace config check`: reads the configuration and every file that it names, and says how many tests its groups, recipients and policies are about; what fits no stored test is warned of.
 * Throws a `Refusal` for what is wrong.
 */
export async function checkConfig(config: Config, session: Session): Promise<ExitCode> {
  const faults = await findFileFaults(config, session);
  if (faults.length > 0) throw new UsageError(exitCodes.configuration, faults);
  for (const pattern of config.mtr.importPatterns.filter((each) => globSync(each).length === 0)) {
    session.log.warn(`mtr.import: there is no file ${pattern}`);
  }
  for (const hint of config.hints) session.log.warn(hint);
  loadAlertSettings(config, session);
  const { file, state } = config;
  const exists = existsSync(file);
  session.print(exists ? `${file} is right` : `${file} is not there; the defaults hold`);
  if (!existsSync(join(state, 'pstrace.db'))) return exitCodes.ok;
  return withStore(state, session, 'read', async (store) => {
    const tests = store.tests();
    for (const { label, selection } of listSelections(config)) {
      const count = tests.filter((test) => selectionMatches(selection, test, config.groups)).length;
      session.print(`${label}: ${count} of ${tests.length} tests`);
    }
    for (const { label, selection } of listSelections(config)) {
      for (const pattern of selection.tests.filter(
        (each) => !tests.some((test) => matchesTest(each, test)),
      )) {
        session.log.warn(`${label}: no stored test fits "${pattern}"`);
      }
    }
    return exitCodes.ok;
  });
}

/** Tests that a block of the configuration is about; empty lists are about all. */
interface TestSelection {
  readonly tests: readonly string[];
  readonly groups: readonly string[];
}

function listSelections({
  alerts,
  groups,
  policies,
}: Config): { label: string; selection: TestSelection }[] {
  return [
    ...groups.map(({ name, tests }) => ({
      label: `group ${name}`,
      selection: { tests, groups: [] },
    })),
    ...(alerts?.recipients ?? []).map((selection) => ({
      label: `recipient ${selection.name}`,
      selection,
    })),
    ...(alerts?.maintenance ?? []).map((selection) => ({
      label: `maintenance "${selection.reason}"`,
      selection,
    })),
    ...policies.map((selection, index) => ({ label: `policy ${index + 1}`, selection })),
  ];
}

function selectionMatches(
  { tests, groups }: TestSelection,
  test: Test,
  groupConfigs: Config['groups'],
): boolean {
  if (tests.length === 0 && groups.length === 0) return true;
  const testGroups = groupNamesOf(test, groupConfigs);
  return (
    tests.some((each) => matchesTest(each, test)) ||
    groups.some((name) => testGroups.includes(name))
  );
}
