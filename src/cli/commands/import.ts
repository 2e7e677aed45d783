import { Option } from 'commander';
import { absolutePath } from '../../lib/files.ts';
import type { ImportRequest } from '../../pipeline/collect/importFiles.ts';
import type { AddCommand } from '../command.ts';
import { addCommonOptions, addDatabaseOptions, type DatabaseOptions } from '../options.ts';
import { loadSiteConfig } from '../siteConfig.ts';
import { parseFamily, parseSeconds, parseTargetPort, parseTime } from '../values.ts';

type ImportCommandOptions = DatabaseOptions & ImportRequest & { readonly explain?: boolean };

const protocols: readonly NonNullable<ImportRequest['protocol']>[] = ['icmp', 'udp', 'tcp'];

export const addImport: AddCommand = (program, invoke) => {
  const command = program
    .command('import')
    .description(
      'store the output of mtr (--json, --raw, --csv, --xml, --report), traceroute or tracepath',
    )
    .argument('<file...>', 'any mixture of them; - for stdin')
    .addHelpText('after', `\n${fileNameHelp}`)
    .action((files: string[]) =>
      invoke(command, async (session, options: ImportCommandOptions) => {
        const paths = files.map((file) => (file === '-' ? null : absolutePath(file)));
        const config = await loadSiteConfig(options, session);
        if (options.explain === true) {
          const { explainFiles } = await import('../../pipeline/collect/explainFiles.ts');
          return explainFiles(paths, config, options, session);
        }
        const { importFiles } = await import('../../pipeline/collect/importFiles.ts');
        return importFiles(paths, config, options, session);
      }),
    );
  addCommonOptions(
    addDatabaseOptions(command)
      .option('--source <host>', 'host that measured')
      .option('--destination <host>', 'host to which it measured')
      .addOption(
        new Option('--time <time>', 'time of the first run: ISO 8601 or epoch seconds').argParser(
          parseTime,
        ),
      )
      .option('--spacing <time>', 'time between runs that carry no time', parseSeconds)
      .addOption(
        new Option('--family <4|6>', 'family of runs without an address').argParser(parseFamily),
      )
      .addOption(new Option('--protocol <name>', 'protocol of the probes').choices(protocols))
      .option('--port <port>', 'destination port of the probes', parseTargetPort)
      .option('--explain', 'print how the files are read, and store nothing'),
  );
};

const fileNameHelp = `The name of a file may add facts that the output lacks:
  [[SOURCE_]DESTINATION_]TIME[_PROTOCOL[PORT]][.ENDING]
as in host-a_www.example.net_20261120T221417Z_tcp443.json. Otherwise the source is this host, and
the time is when the file last changed. Importing the same file again adds nothing.`;
