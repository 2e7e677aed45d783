import type { Command } from 'commander';
import { absolutePath } from '../../lib/files.ts';
import type { Session } from '../../pipeline/session.ts';
import type { AddCommand } from '../command.ts';
import { addCommonOptions, addDatabaseOptions, type DatabaseOptions } from '../options.ts';
import { loadSiteConfig } from '../siteConfig.ts';

export const addDb: AddCommand = (program, invoke) => {
  const db = program.command('db').description('manage the database');
  const add = (name: string, description: string): Command =>
    addCommonOptions(addDatabaseOptions(db.command(name).description(description)));
  const stateOf = async (options: DatabaseOptions, session: Session) =>
    (await loadSiteConfig(options, session)).state;
  const database = () => import('../../pipeline/operator/database.ts');

  const check = add('check', 'run an integrity check').action(() =>
    invoke(check, async (session, options: DatabaseOptions) =>
      (await database()).checkDatabase(await stateOf(options, session), session),
    ),
  );
  const vacuum = add('vacuum', 'shrink the database file as far as possible').action(() =>
    invoke(vacuum, async (session, options: DatabaseOptions) =>
      (await database()).vacuumDatabase(await stateOf(options, session), session),
    ),
  );
  const backup = add('backup', 'copy the database into a file, even during a run')
    .argument('<file>', 'target; an existing file is replaced once the copy is complete')
    .action((file: string) =>
      invoke(backup, async (session, options: DatabaseOptions) =>
        (await database()).backupDatabase(
          await stateOf(options, session),
          absolutePath(file),
          session,
        ),
      ),
    );
  const exporting = add('export', 'write everything as one JSON object per line')
    .argument('[file]', 'target; - or nothing for stdout')
    .action((file: string | undefined) =>
      invoke(exporting, async (session, options: DatabaseOptions) => {
        const { exportDatabase } = await import('../../pipeline/operator/exportDatabase.ts');
        return exportDatabase(await stateOf(options, session), pathOrStream(file), session);
      }),
    );
  const importing = add('import', 'add an export to the database; existing records stay')
    .argument('<file>', 'the export; - for stdin')
    .action((file: string) =>
      invoke(importing, async (session, options: DatabaseOptions) => {
        const { importDatabase } = await import('../../pipeline/operator/importDatabase.ts');
        return importDatabase(await stateOf(options, session), pathOrStream(file), session);
      }),
    );
};

/** null means stdin or stdout. */
function pathOrStream(operand = '-'): string | null {
  return operand === '-' ? null : absolutePath(operand);
}
