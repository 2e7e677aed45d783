import type { AddCommand } from '../command.ts';
import { addCommonOptions, addDatabaseOptions, type DatabaseOptions } from '../options.ts';
import { loadSiteConfig } from '../siteConfig.ts';

interface AckOptions extends DatabaseOptions {
  readonly note?: string;
}

export const addAck: AddCommand = (program, invoke) => {
  const command = program
    .command('ack')
    .description('acknowledge an incident: recipients get no more updates, only its end')
    .argument('[incident]', 'its code, as in the mails; default: list the open incidents')
    .option('--note <text>', 'note for the other readers')
    .action((incident: string | undefined) =>
      invoke(command, async (session, { note, ...options }: AckOptions) => {
        const { acknowledge, listOpenIncidents } = await import(
          '../../pipeline/operator/acknowledge.ts'
        );
        const config = await loadSiteConfig(options, session);
        return incident === undefined
          ? listOpenIncidents(config, session)
          : acknowledge({ incident, note: note ?? null }, config, session);
      }),
    );
  addCommonOptions(addDatabaseOptions(command));
};
