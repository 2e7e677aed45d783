import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ExpectedError } from '../lib/errors.ts';
import { fileFailure, readBoundedText } from '../lib/files.ts';
import type { TomlSource } from '../lib/strictToml.ts';
import type { Problem } from '../model/run/problem.ts';

/** The texts of the configuration, the main file first, or why they cannot be used. */
export type ConfigFiles = { readonly sources: readonly TomlSource[] } | { readonly fault: Problem };

/**
 * Reads the configuration file and the files `*.toml` of the folder `conf.d` beside it, in the
 * order of their names. The main file may be absent unless `mustExist`, but not if someone edited
 * the sample in its place.
 */
export function readConfigFiles(file: string, mustExist: boolean): ConfigFiles {
  let current = file;
  const read = (name: string): TomlSource => {
    current = name;
    return { file: name, text: readBoundedText(name) };
  };
  try {
    const main = mustExist || existsSync(file) ? [read(file)] : [];
    const example = main.length === 0 ? exampleBeside(file) : null;
    if (example !== null && hasSettings(read(example).text)) {
      const message = `${example} has settings, but pstrace reads ${file}, which is missing`;
      return { fault: { ...configFault(file, message), remedy: 'Copy it there.' } };
    }
    return { sources: [...main, ...partsBeside(file).map(read)] };
  } catch (error) {
    const failure = fileFailure(error, 'cannot read the configuration', current);
    if (!(failure instanceof ExpectedError)) throw error;
    return { fault: configFault(current, failure.message) };
  }
}

/** A fault of the configuration. */
export function configFault(subject: string, message: string): Problem {
  return { kind: 'misconfigured', subject, message, remedy: null };
}

/** The sample beside a missing configuration file; null if there is none. */
function exampleBeside(file: string): string | null {
  const example = file.replace(/\.toml$/, '.example.toml');
  return example !== file && existsSync(example) ? example : null;
}

/** Whether a file sets any key; the sample as delivered has only comments and empty tables. */
function hasSettings(text: string): boolean {
  return text.split('\n').some((line) => /^\s*[\w"'.-]+\s*=/.test(line));
}

/** Folder beside the configuration file whose files are part of the configuration. */
const partsFolder = 'conf.d';

/** The files of `conf.d`, in the order of their names. */
function partsBeside(file: string): string[] {
  const folder = join(dirname(file), partsFolder);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.toml') && !name.startsWith('.'))
    .sort()
    .map((name) => join(folder, name));
}
