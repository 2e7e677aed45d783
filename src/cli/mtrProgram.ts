import { resolve } from 'node:path';
import type { Command } from 'commander';
import {
  addCommonOptions,
  addDatabaseOptions,
  addImportOptions,
  addMeasurementOptions,
  addPrintOptions,
  type ImportCommandOptions,
  type MonitorOptions,
  type MtrCommandOptions,
} from './options.ts';

/** What the commands do that work with mtr. Files are absolute; null stands for stdin, and for the file of the configuration. */
export interface MtrActions {
  measure(file: string | null, options: MtrCommandOptions): Promise<void>;
  monitor(file: string | null, options: MonitorOptions): Promise<void>;
  import(files: readonly (string | null)[], options: ImportCommandOptions): Promise<void>;
}

/** Adds `pstrace mtr`, `pstrace monitor` and `pstrace import`. `inherited` gives a command's options with those given before its name. */
export function addMtrCommands(
  program: Command,
  actions: MtrActions,
  inheritOptions: <Options>(command: Command) => Options,
): void {
  const mtrCommand = program
    .command('mtr')
    .description('measure the paths from this host to its targets with mtr, and store them')
    .argument('[targets]', 'TOML, or a list with one host a line; default: conf/targets.toml')
    .action((file: string | undefined, _, command: Command) =>
      actions.measure(file === undefined ? null : resolve(file), inheritOptions(command)),
    );
  addCommonOptions(addMeasurementOptions(addDatabaseOptions(mtrCommand)));

  const monitorCommand = program
    .command('monitor')
    .description(
      'watch the targets until stopped: paths, pings and ports, each at its own pace; SIGHUP reads the targets anew',
    )
    .argument('[targets]', 'as for mtr, or the file of connvitals-monitor as it is')
    .action((file: string | undefined, _, command: Command) =>
      actions.monitor(file === undefined ? null : resolve(file), inheritOptions(command)),
    );
  addCommonOptions(addPrintOptions(addMeasurementOptions(addDatabaseOptions(monitorCommand))));

  const importCommand = program
    .command('import')
    .description(
      'take in output of mtr (--json, --raw, --csv, --xml, --report), traceroute or tracepath',
    )
    .argument('<file...>', 'any of them in any mixture; - for stdin')
    .addHelpText('after', `\n${fileNameHelp}`)
    .action((files: string[], _, command: Command) =>
      actions.import(
        files.map((file) => (file === '-' ? null : resolve(file))),
        inheritOptions(command),
      ),
    );
  addCommonOptions(addImportOptions(addDatabaseOptions(importCommand)));
}

const fileNameHelp = `What the output does not tell may be in the name of its file:
  [[SOURCE_]DESTINATION_]TIME[_PROTOCOL[PORT]][.ENDING]
as in host-a_www.example.net_20261120T221417Z_tcp443.json. Else the source is this host, and the time
that of the last change of the file. The same file once more adds nothing.`;
