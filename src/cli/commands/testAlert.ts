import type { AddCommand } from '../command.ts';
import {
  addCommonOptions,
  addConfigOption,
  type ConfigOptions,
  collectValues,
} from '../options.ts';
import { loadSiteConfig } from '../siteConfig.ts';

interface TestAlertOptions extends ConfigOptions {
  readonly recipient?: readonly string[];
}

export const addTestAlert: AddCommand = (program, invoke) => {
  const command = program
    .command('test-alert')
    .description('send a test message to every recipient and print which servers accepted it')
    .option(
      '--recipient <name>',
      'only this recipient: name of a [[recipient]], or mail address (repeatable)',
      collectValues,
    )
    .action(() =>
      invoke(command, async (session, options: TestAlertOptions) => {
        const { testAlert } = await import('../../pipeline/operator/testAlert.ts');
        return testAlert(await loadSiteConfig(options, session), options.recipient ?? [], session);
      }),
    );
  addCommonOptions(addConfigOption(command));
};
