import type { AddCommand } from '../command.ts';
import {
  addCommonOptions,
  addConfigOption,
  configuredDefault,
  type SiteCommandOptions,
} from '../options.ts';
import { loadSiteConfig } from '../siteConfig.ts';

export const addPublishTo: AddCommand = (program, invoke) => {
  const command = program
    .command('publish-to')
    .description('copy the site to another folder or host with rsync')
    .argument('<target>', 'FOLDER, HOST:FOLDER or an rsync URL; readers there see no half copy')
    .option('--out <folder>', `folder of the pages ${configuredDefault('html')}`)
    .action((target: string) =>
      invoke(command, async (session, options: SiteCommandOptions) => {
        const { out } = await loadSiteConfig(options, session);
        const { publishTo } = await import('../../pipeline/publish/publishTo.ts');
        return publishTo(out, target, session);
      }),
    );
  addCommonOptions(addConfigOption(command));
};
