import type { Command } from 'commander';
import type { AddCommand } from '../command.ts';
import { addCommonOptions, addDatabaseOptions, type DatabaseOptions } from '../options.ts';
import { loadSiteConfig } from '../siteConfig.ts';

interface ListOptions extends DatabaseOptions {
  readonly all?: boolean;
}

interface RetireOptions extends DatabaseOptions {
  readonly undo?: boolean;
}

interface DeleteOptions extends DatabaseOptions {
  readonly yes?: boolean;
}

const patternText = 'host, address or id with *, or "a > b"';

export const addTests: AddCommand = (program, invoke) => {
  const tests = program.command('tests').description('list, retire, link and delete tests');
  const add = (name: string, description: string): Command =>
    addCommonOptions(addDatabaseOptions(tests.command(name).description(description)));
  const changes = () => import('../../pipeline/operator/changeTests.ts');

  const list = add('list', 'list the tests of the database, and tests that may be one')
    .argument('[test...]', `${patternText}; default: all tests`)
    .option('--all', 'include retired tests')
    .action((patterns: string[]) =>
      invoke(list, async (session, options: ListOptions) => {
        const { listStoredTests } = await import('../../pipeline/operator/listStoredTests.ts');
        const config = await loadSiteConfig(options, session);
        return listStoredTests(patterns, options.all ?? false, config, session);
      }),
    );
  const retire = add('retire', 'take tests out of the mesh; their pages and history stay')
    .argument('<test...>', patternText)
    .option('--undo', 'bring retired tests back into the mesh')
    .action((patterns: string[]) =>
      invoke(retire, async (session, options: RetireOptions) => {
        const { retireSelected, returnSelected } = await changes();
        const work = options.undo ? returnSelected : retireSelected;
        return work(patterns, await loadSiteConfig(options, session), session);
      }),
    );
  const deletion = add('forget', 'delete tests with all their traces, routes and changes')
    .argument('<test...>', patternText)
    .option('--yes', 'delete; without it, only list what would be deleted')
    .action((patterns: string[]) =>
      invoke(deletion, async (session, options: DeleteOptions) => {
        const { deleteSelected } = await changes();
        const config = await loadSiteConfig(options, session);
        return deleteSelected(patterns, options.yes ?? false, config, session);
      }),
    );
  const link = add('link', 'make a later test a part of an earlier one, as after a renumbering')
    .argument('<earlier>', 'test that ended; its id, page, history and baseline stay')
    .argument('<later>', 'test that goes on')
    .action((earlier: string, later: string) =>
      invoke(link, async (session, options: DatabaseOptions) => {
        const { linkTests } = await import('../../pipeline/operator/linkTests.ts');
        return linkTests(earlier, later, await loadSiteConfig(options, session), session);
      }),
    );
};
