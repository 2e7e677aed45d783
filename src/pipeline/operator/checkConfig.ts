import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/load.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import { UsageError } from '../../lib/usageError.ts';
import {
  isWithinSelection,
  matchesTest,
  selectedBy,
  type TestSelection,
} from '../../model/test/selection.ts';
import type { Test } from '../../model/test/test.ts';
import { loadAlertSettings } from '../notify/alertSettings.ts';
import type { Session } from '../session.ts';
import { withStore } from '../stateLock.ts';
import { findFileFaults } from './fileChecks.ts';

/**
 * Reads every file that the configuration names, and prints how many stored tests each group,
 * recipient, maintenance window and policy selects. Warns of patterns that match nothing. Throws a
 * `UsageError` with all faults.
 */
export async function checkConfig(config: Config, session: Session): Promise<ExitCode> {
  const faults = await findFileFaults(config, session);
  if (faults.length > 0) throw new UsageError(exitCodes.configuration, faults);
  for (const pattern of config.mtr.importPatterns.filter((each) => globSync(each).length === 0)) {
    session.log.warn(`mtr.import: no file matches ${pattern}`);
  }
  for (const hint of config.hints) session.log.warn(hint);
  for (const warning of omissions(config)) session.log.warn(warning);
  loadAlertSettings(config, session);
  const { file, state } = config;
  const exists = existsSync(file);
  session.print(exists ? `${file}: OK` : `${file}: not found, using defaults`);
  if (!existsSync(join(state, 'pstrace.db'))) return exitCodes.ok;
  return withStore(state, session, 'read', async (store) => {
    const tests = store.tests();
    const blocks = listBlocks(config);
    for (const { label, concerns } of blocks) {
      session.print(`${label}: ${tests.filter(concerns).length} of ${tests.length} tests`);
    }
    for (const { label, selection } of blocks) {
      for (const pattern of selection.tests.filter(
        (each) => !tests.some((test) => matchesTest(each, test)),
      )) {
        session.log.warn(`${label}: no stored test matches "${pattern}"`);
      }
    }
    return exitCodes.ok;
  });
}

/** Settings that are missing, although a run works without them. */
function omissions({ archives, siteUrl, mtr }: Config): string[] {
  const isMeasuring = existsSync(mtr.targetsFile) || mtr.importPatterns.length > 0;
  return [
    ...(siteUrl === null
      ? [
          'site.url is empty: notifications have no links, and feeds have relative ones, which many feed readers cannot follow',
        ]
      : []),
    ...(archives.length === 0 && !isMeasuring
      ? ['there is no [[archive]]: a run needs the archive on its command line']
      : []),
  ];
}

/** A block of the configuration that selects tests. */
interface ConfigBlock {
  readonly label: string;
  readonly selection: TestSelection;
  readonly concerns: (test: Test) => boolean;
}

function listBlocks({ alerts, groups, policies }: Config): ConfigBlock[] {
  const selecting = (label: string, selection: TestSelection): ConfigBlock => ({
    label,
    selection,
    concerns: (test) => selectedBy(selection, test, groups) !== null,
  });
  return [
    ...groups.map(({ name, tests }) => selecting(`group ${name}`, { tests, groups: [] })),
    ...(alerts?.recipients ?? []).map((each) => selecting(`recipient ${each.name}`, each)),
    ...(alerts?.maintenance ?? []).map((each) => ({
      label: `maintenance "${each.reason}"`,
      selection: each,
      concerns: (test: Test) => isWithinSelection(each, test, groups),
    })),
    ...policies.map((each, index) => selecting(`policy ${index + 1}`, each)),
  ];
}
