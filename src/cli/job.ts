import { openArchive } from '../sources/esmond/archive.ts';
import { archiveOptions } from './archives.ts';
import { exitCodes } from './exitCodes.ts';
import { splitOperands } from './operands.ts';
import type { RunOptions } from './options.ts';
import { pastMoment } from './pastMoment.ts';
import { commandNames } from './program.ts';
import { orRefuse, usage } from './refusal.ts';
import type { RunJob } from './run.ts';
import type { Session } from './session.ts';
import { siteConfig } from './settings.ts';

/** What `pstrace <archive...> [period]` asks for; no archive with --mtr-only. Throws a `Refusal` for what cannot be meant. */
export function runJob(operands: readonly string[], options: RunOptions, session: Session): RunJob {
  const config = siteConfig(options);
  const { archives: names, periodSeconds } = splitOperands(operands, commandNames);
  const to = pastMoment(options, session.now) ?? session.now;
  if (options.mtrOnly && names.length > 0) {
    throw usage('--mtr-only asks no archive.', `Leave out ${names[0]}, or the option.`);
  }
  const asked = options.mtrOnly ? [] : archiveOptions(names, config, options);
  const archives = asked.map((each) => ({
    archive: orRefuse(exitCodes.configuration, () => openArchive(each, session.log)),
    concurrency: each.concurrency,
  }));
  return {
    archives,
    window: { from: to - (periodSeconds ?? config.periodSeconds), to },
    config,
    dryRun: options.dryRun ?? false,
  };
}
