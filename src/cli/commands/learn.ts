import type { AddCommand } from '../command.ts';
import { addCommonOptions, addDatabaseOptions, type DatabaseOptions } from '../options.ts';
import { loadSiteConfig } from '../siteConfig.ts';

export const addLearn: AddCommand = (program, invoke) => {
  const command = program
    .command('learn')
    .description('print [[policy]] blocks for the configuration that fit the stored traces')
    .argument('[test...]', 'only these tests: host, address or id with *, or "a > b"')
    .action((tests: string[]) =>
      invoke(command, async (session, options: DatabaseOptions) => {
        const { learn } = await import('../../pipeline/operator/learn.ts');
        return learn(tests, await loadSiteConfig(options, session), session);
      }),
    );
  addCommonOptions(addDatabaseOptions(command));
};
