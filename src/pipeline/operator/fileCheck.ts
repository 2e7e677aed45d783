import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { ExpectedError } from '../../lib/errors.ts';
import { fileFailure } from '../../lib/files.ts';
import { UsageError } from '../../lib/usageError.ts';
import type { Problem } from '../../model/run/problem.ts';

/** A configuration key, and a check that throws an `ExpectedError` or `UsageError` for its file. */
export type FileCheck = readonly [key: string, check: () => unknown];

/** The check of a file; none if the configuration does not name one. */
export function checkIfNamed(
  file: string | null,
  key: string,
  check: (file: string) => unknown,
): FileCheck[] {
  return file === null ? [] : [[key, () => check(file)]];
}

/** Runs a check; returns the faults, with `configFile` in their remedies. */
export async function runFileCheck(
  [key, check]: FileCheck,
  configFile: string,
): Promise<Problem[]> {
  try {
    await check();
    return [];
  } catch (error) {
    const problems = error instanceof ExpectedError ? [error.toProblem()] : usageProblems(error);
    return problems.map(({ subject, message, remedy, ...facts }) => ({
      ...facts,
      subject,
      message: `${key}: ${message.includes(subject) ? message : `${subject}: ${message}`}`,
      remedy: remedy ?? `Correct ${key} in ${configFile}, or the file it names.`,
    }));
  }
}

function usageProblems(error: unknown): readonly Problem[] {
  if (error instanceof UsageError) return error.problems;
  throw error;
}

/** The file of a program given by its path; null for a command to find in PATH. */
export function programFile(command: string): string | null {
  return command.includes('/') ? command : null;
}

/** Throws an `ExpectedError` unless this user can run a file. */
export function checkExecutable(file: string): void {
  checkAccess(file, constants.X_OK, 'cannot run the program');
}

/** Throws an `ExpectedError` unless this user can write into the folder of a file. */
export function checkWritableFolder(file: string): void {
  checkAccess(dirname(file), constants.W_OK, 'cannot write into the folder');
}

function checkAccess(path: string, mode: number, action: string): void {
  try {
    accessSync(path, mode);
  } catch (error) {
    throw fileFailure(error, action, path);
  }
}
