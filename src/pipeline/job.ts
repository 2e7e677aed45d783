import { parseOperands } from '../cli/operands.ts';
import type { RunOptions } from '../cli/options.ts';
import { commandNames } from '../cli/program.ts';
import { loadSiteConfig } from '../cli/siteConfig.ts';
import { resolveUntil } from '../cli/untilOption.ts';
import { exitCodes } from '../lib/exitCodes.ts';
import { orUsageError, usageError } from '../lib/usageError.ts';
import { openArchive } from '../sources/esmond/archive.ts';
import { resolveArchiveOptions } from './collect/archiveOptions.ts';
import { loadAlertSettings } from './notify/alertSettings.ts';
import type { RunJob } from './runContext.ts';
import type { Session } from './session.ts';

/** What `pstrace <archive...> [period]` asks for; no archive with --mtr-only. Throws a `Refusal` for what cannot be meant. */
export function createRunJob(
  operands: readonly string[],
  options: RunOptions,
  session: Session,
): RunJob {
  const config = loadSiteConfig(options);
  for (const hint of config.hints) session.log.warn(hint);
  const { archives: names, windowSeconds } = parseOperands(operands, commandNames);
  const to = resolveUntil(options, session.now) ?? session.now;
  if (options.mtrOnly && names.length > 0) {
    throw usageError('--mtr-only asks no archive.', `Leave out ${names[0]}, or the option.`);
  }
  const selected = options.mtrOnly ? [] : resolveArchiveOptions(names, config, options);
  const archives = selected.map((each) => ({
    archive: orUsageError(exitCodes.configuration, () => openArchive(each, session.log)),
    concurrency: each.concurrency,
  }));
  return {
    archives,
    window: { from: to - (windowSeconds ?? config.windowSeconds), to },
    config,
    alerts: loadAlertSettings(config, session),
  };
}
