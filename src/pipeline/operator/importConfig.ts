import { fstatSync, readFileSync } from 'node:fs';
import { importPsTrace } from '../../config/importPsTrace.ts';
import { parseConfig } from '../../config/load.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import { fileFailure, readBoundedText, systemCode } from '../../lib/files.ts';
import { parseTomlTable, type TomlTable } from '../../lib/strictToml.ts';
import { orUsageError } from '../../lib/usageError.ts';
import type { Session } from '../session.ts';

/**
 * Prints the mail settings of psTrace (null: stdin) as a configuration of this program, without the
 * tables that the file has to which stdout is appended. Warns of those, of settings without a
 * counterpart, and of those to correct. Throws a `UsageError` for any other file.
 */
export async function importConfig(
  file: string | null,
  { log, print }: Session,
): Promise<ExitCode> {
  const name = file ?? 'config.ini';
  const { toml, warnings } = orUsageError(exitCodes.configuration, () =>
    importPsTrace(readInput(file), name, readTarget()),
  );
  if (toml !== '') print(toml.trimEnd());
  for (const warning of warnings) log.warn(warning);
  const { faults } = parseConfig(toml, name, '/');
  for (const { message } of faults ?? []) log.warn(message.replace(/^.*?:\d+: /, ''));
  return faults === null ? exitCodes.ok : exitCodes.partial;
}

function readInput(file: string | null): string {
  try {
    return readFileSync(file ?? 0, 'utf8');
  } catch (error) {
    throw fileFailure(error, 'cannot read the configuration of psTrace', file ?? 'stdin');
  }
}

/** The content of the file that stdout is appended to; empty if that is none, or not TOML. */
function readTarget(): TomlTable {
  if (!fstatSync(stdoutNumber).isFile()) return {};
  try {
    return parseTomlTable(readBoundedText(`/dev/fd/${stdoutNumber}`)) ?? {};
  } catch (error) {
    // A file without read permission.
    if (systemCode(error) === null) throw error;
    return {};
  }
}

/** File descriptor of stdout. */
const stdoutNumber = 1;
