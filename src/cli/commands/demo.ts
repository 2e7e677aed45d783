import type { AddCommand } from '../command.ts';
import { addCommonOptions, addSiteOptions, type SiteCommandOptions } from '../options.ts';
import { root } from '../siteConfig.ts';

export const addDemo: AddCommand = (program, invoke) => {
  const command = program
    .command('demo')
    .description('simulate a mesh, run pstrace on it and print where the pages are')
    .action(() =>
      invoke(command, async (session, options: SiteCommandOptions) => {
        const { demo } = await import('../../demo/demo.ts');
        return demo(options, root, session);
      }),
    );
  const defaultText = (standard: string) =>
    `(default: ${standard === 'var' ? 'var/demo, emptied first' : standard})`;
  addCommonOptions(addSiteOptions(command, defaultText));
};
