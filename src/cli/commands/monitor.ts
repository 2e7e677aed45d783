import { Option } from 'commander';
import { absolutePath } from '../../lib/files.ts';
import { type RecordForm, recordForms } from '../../monitor/monitorOptions.ts';
import type { AddCommand } from '../command.ts';
import {
  addCommonOptions,
  addDatabaseOptions,
  addMeasureOptions,
  type MeasureCommandOptions,
} from '../options.ts';
import { loadSiteConfig } from '../siteConfig.ts';

interface MonitorCommandOptions extends MeasureCommandOptions {
  /** `true`: in the form that each target sets. */
  readonly stdout?: RecordForm | true;
  readonly all?: boolean;
}

export const addMonitor: AddCommand = (program, invoke) => {
  const command = program
    .command('monitor')
    .description(
      'measure the targets until stopped: routes, pings and ports, each at its own interval; SIGHUP reads the targets again',
    )
    .argument('[targets]', 'as for mtr, or an unchanged file of connvitals-monitor')
    .action((file: string | undefined) =>
      invoke(command, async (session, options: MonitorCommandOptions) => {
        const { monitor } = await import('../../monitor/monitor.ts');
        const targets = file === undefined ? null : absolutePath(file);
        return monitor(targets, await loadSiteConfig(options, session), options, session);
      }),
    );
  addCommonOptions(
    addMeasureOptions(addDatabaseOptions(command))
      .addOption(
        new Option(
          '--stdout [form]',
          'print each result at once; without a form: JSON for targets with json=1, else text',
        ).choices(recordForms),
      )
      .option('--all', 'print a route even when it has not changed'),
  );
};
