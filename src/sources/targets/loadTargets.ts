import { ExpectedError } from '../../lib/errors.ts';
import { fileFailure, readBoundedText } from '../../lib/files.ts';
import { parseStrictToml } from '../../lib/strictToml.ts';
import type { Problem } from '../../model/run/problem.ts';
import { parseTargetLines, type TargetList } from './lineList.ts';
import type { Target } from './target.ts';
import { targetsOf, targetsSchema } from './targetsSchema.ts';

/** The targets and faults of a file. Do not use a part of a file with faults. */
export interface LoadedTargets {
  readonly targets: readonly Target[];
  readonly faults: readonly Problem[];
  /** The only fault is that the file has no targets. */
  readonly isEmpty: boolean;
}

/**
 * Reads a targets file: TOML if its name ends in `.toml`, else a list with one host per line. An
 * unreadable file is a fault too.
 */
export function loadTargets(file: string): LoadedTargets {
  try {
    return parseTargets(readBoundedText(file), file);
  } catch (error) {
    const failure = fileFailure(error, 'cannot read the targets', file);
    if (!(failure instanceof ExpectedError)) throw error;
    return { targets: [], faults: [misconfiguredProblem(file, failure.message)], isEmpty: false };
  }
}

/** As `loadTargets`, for the text of a file. */
export function parseTargets(source: string, file: string): LoadedTargets {
  const { targets, faults } = /\.toml$/i.test(file)
    ? parseTable(source, file)
    : parseTargetLines(source, file);
  const all = faults.map((message) => misconfiguredProblem(file, message));
  if (targets.length > 0 || all.length > 0) return { targets, faults: all, isEmpty: false };
  const fault = misconfiguredProblem(file, `${file}: the file has no targets`);
  return { targets, faults: [fault], isEmpty: true };
}

function parseTable(source: string, file: string): TargetList {
  const { value, faults } = parseStrictToml(source, file, targetsSchema);
  return value === null ? { targets: [], faults } : { targets: targetsOf(value), faults: [] };
}

function misconfiguredProblem(subject: string, message: string): Problem {
  return { kind: 'misconfigured', subject, message, remedy: null };
}
