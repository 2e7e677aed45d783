import { Option } from 'commander';
import { usageError } from '../../lib/usageError.ts';
import type { AddCommand } from '../command.ts';
import { addCommonOptions, addDatabaseOptions, type DatabaseOptions } from '../options.ts';
import { loadSiteConfig } from '../siteConfig.ts';

interface AcceptOptions extends DatabaseOptions {
  readonly note?: string;
  readonly test?: string;
  readonly undo?: boolean;
}

export const addAccept: AddCommand = (program, invoke) => {
  const command = program
    .command('accept')
    .description('accept what an incident shows as usual, until it ends or changes again')
    .argument('[incident]', 'its code, as in the mails; default: list open and accepted incidents')
    .option('--note <text>', 'reason, which pages and notifications show')
    .option('--test <pattern>', 'only its tests of this host, address or id with *, or "a > b"')
    .addOption(
      new Option('--undo', 'take the acceptance back: what lasts is open again').conflicts('note'),
    )
    .action((incident: string | undefined) =>
      invoke(command, async (session, { note, test, undo, ...options }: AcceptOptions) => {
        const config = await loadSiteConfig(options, session);
        if (incident === undefined && (note ?? test ?? undo) !== undefined)
          throw usageError('The incident is missing.', 'List their codes: pstrace accept.');
        if (incident === undefined) {
          const { listAcceptable } = await import('../../pipeline/operator/listAcceptable.ts');
          return listAcceptable(config, session);
        }
        const { accept, undoAcceptance } = await import('../../pipeline/operator/accept.ts');
        const request = { incident, test: test ?? null };
        return undo === true
          ? undoAcceptance(request, config, session)
          : accept(request, note ?? null, config, session);
      }),
    );
  addCommonOptions(addDatabaseOptions(command));
};
