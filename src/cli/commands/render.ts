import type { AddCommand } from '../command.ts';
import { addCommonOptions, addSiteConfigOptions, type RenderOptions } from '../options.ts';
import { loadSiteConfig } from '../siteConfig.ts';
import { resolveUntil } from '../untilOption.ts';
import { parseSeconds } from '../values.ts';

export const addRender: AddCommand = (program, invoke) => {
  const command = program
    .command('render')
    .description('write the whole site again from the database, without reading any archive')
    .argument('[window]', 'how far back to look; default: as in the last run', parseSeconds)
    .action((windowSeconds: number | undefined) =>
      invoke(command, async (session, options: RenderOptions) => {
        const until = resolveUntil(options, session.now);
        const config = await loadSiteConfig(options, session);
        const { render } = await import('../../pipeline/publish/render.ts');
        return render(config, { windowSeconds: windowSeconds ?? null, until }, session);
      }),
    );
  addCommonOptions(addSiteConfigOptions(command));
};
