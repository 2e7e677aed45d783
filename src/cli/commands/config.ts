import type { Command } from 'commander';
import { absolutePath } from '../../lib/files.ts';
import type { AddCommand, Invoke } from '../command.ts';
import { addCommonOptions, addDatabaseOptions, type DatabaseOptions } from '../options.ts';
import { loadSiteConfig } from '../siteConfig.ts';

export const addConfig: AddCommand = (program, invoke) => {
  const config = program.command('config').description('check or convert the configuration');
  addConfigCheck(config, invoke);
  addImportPsTrace(config, invoke);
};

function addConfigCheck(config: Command, invoke: Invoke): void {
  const command = config
    .command('check')
    .description('check the configuration and every file it names; print how many tests it selects')
    .action(() =>
      invoke(command, async (session, options: DatabaseOptions) => {
        const { checkConfig } = await import('../../pipeline/operator/checkConfig.ts');
        return checkConfig(await loadSiteConfig(options, session), session);
      }),
    );
  addCommonOptions(addDatabaseOptions(command));
}

function addImportPsTrace(config: Command, invoke: Invoke): void {
  const command = config
    .command('import-pstrace')
    .description('print the mail settings of psTrace as a configuration of this program')
    .argument('<file>', 'config.ini or email_configuration.py; - for stdin')
    .action((file: string) =>
      invoke(command, async (session) => {
        const { importConfig } = await import('../../pipeline/operator/importConfig.ts');
        return importConfig(file === '-' ? null : absolutePath(file), session);
      }),
    );
  addCommonOptions(command);
}
