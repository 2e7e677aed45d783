import type { Config } from '../../config/load.ts';
import { openArchiveReaders } from '../../sources/archives.ts';
import { asFileLookup } from '../../sources/asn/asFile.ts';
import { isUrl, readTemplate } from '../../sources/psconfig/templates.ts';
import { connectionsOf } from '../archiveSource.ts';
import { resolveArchiveOptions } from '../collect/archiveOptions.ts';
import { readPem } from '../readPem.ts';
import type { Session } from '../session.ts';
import { checkTargets } from './checkTargets.ts';
import { checkExecutable, checkIfNamed, type FileCheck, programFile } from './fileCheck.ts';

/** Any address: looking it up reads the whole file. */
const sampleAddress = '192.0.2.1';

/** The checks of the files that say where results come from. */
export function sourceFileChecks(config: Config, log: Session['log']): FileCheck[] {
  const { psconfig, mtr, asLookup } = config;
  return [
    ...config.archives.map(
      (archive): FileCheck => ['archive', () => checkArchive(archive, config, log)],
    ),
    ...checkIfNamed(psconfig.caFile, 'psconfig.ca', readPem),
    ...psconfig.locations.flatMap((location) =>
      isUrl(location) ? [] : checkIfNamed(location, 'psconfig.url', readTemplate),
    ),
    ['mtr.targets', () => checkTargets(config)],
    ...checkIfNamed(programFile(mtr.command), 'mtr.command', checkExecutable),
    ...checkIfNamed(programFile(mtr.ping), 'mtr.ping', checkExecutable),
    ...checkIfNamed(asLookup.file, 'as.file', (file) => asFileLookup(file)([sampleAddress])),
  ];
}

async function checkArchive(
  archive: Config['archives'][number],
  config: Config,
  log: Session['log'],
): Promise<void> {
  const [options] = resolveArchiveOptions([], { ...config, archives: [archive] }, {});
  if (options === undefined) return;
  await Promise.all(connectionsOf(openArchiveReaders(options, log)).map((each) => each.close()));
}
