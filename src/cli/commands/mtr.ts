import { absolutePath } from '../../lib/files.ts';
import type { AddCommand } from '../command.ts';
import {
  addCommonOptions,
  addDatabaseOptions,
  addMeasureOptions,
  type MeasureCommandOptions,
} from '../options.ts';
import { loadSiteConfig } from '../siteConfig.ts';

export const addMtr: AddCommand = (program, invoke) => {
  const command = program
    .command('mtr')
    .description('measure the routes from this host to its targets with mtr, and store them')
    .argument('[targets]', 'TOML, or a list with one host per line; default: conf/targets.toml')
    .action((file: string | undefined) =>
      invoke(command, async (session, options: MeasureCommandOptions) => {
        const { measure } = await import('../../monitor/measure.ts');
        const targets = file === undefined ? null : absolutePath(file);
        return measure(targets, await loadSiteConfig(options, session), options, session);
      }),
    );
  addCommonOptions(addMeasureOptions(addDatabaseOptions(command)));
};
