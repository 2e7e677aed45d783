import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../../config/load.ts';
import { exitCodes } from '../../lib/exitCodes.ts';
import { UsageError } from '../../lib/usageError.ts';
import { loadTargets } from '../../sources/targets/loadTargets.ts';

/** The default file of targets may be missing or empty, because not every user measures. */
export function checkTargets({ mtr, file }: Config): void {
  const { targetsFile } = mtr;
  const isDefault = targetsFile === join(dirname(file), 'targets.toml');
  if (isDefault && !existsSync(targetsFile)) return;
  const { faults, isEmpty } = loadTargets(targetsFile);
  if (faults.length > 0 && !(isDefault && isEmpty))
    throw new UsageError(exitCodes.configuration, faults);
}
