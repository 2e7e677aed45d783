import { ExpectedError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Problem } from '../model/problem.ts';
import type { Run } from '../model/run.ts';
import type { Session } from './session.ts';

/** Problems are told one line each, up to this many. */
const maxLines = 20;

/**
 * What failed for one test or archive, as a problem, so that the rest can go on. A mistake of our own is logged with
 * its stack and contained likewise. Throws what concerns everything: a failure of the store, an interruption.
 */
export function toContainedProblem(
  error: unknown,
  subject: string,
  { log, signal }: Pick<Session, 'log' | 'signal'>,
): Problem {
  signal.throwIfAborted();
  if (error instanceof ExpectedError) {
    if (error.kind === 'store') throw error;
    return { ...error.toProblem(), subject };
  }
  logBug(error, subject, log);
  return {
    kind: 'invalid-response',
    subject,
    message: `pstrace itself failed here: ${error instanceof Error ? error.message : error}`,
    remedy: 'This is a bug in pstrace; please report it with the stack in the log.',
  };
}

/** Tells a mistake of our own: one line that says so, and the stack to report. */
export function logBug(error: unknown, subject: string, log: Log): void {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  log.error(`this is a bug in pstrace, please report it: ${message}`, { subject });
  for (const line of stack.split('\n')) log.error(line);
}

/** Problems that differ in nothing but their subject become one that says how many there are. */
export function mergeAlike(problems: readonly Problem[]): Problem[] {
  const groups = Map.groupBy(problems, ({ kind, message, remedy }) =>
    JSON.stringify([kind, message, remedy]),
  );
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    if (others.length === 0) return [first];
    return [{ ...first, subject: `${first.subject} and ${others.length} more` }];
  });
}

/**
 * Those of some remarks that the last finished run (`runs` newest first) did not have too, whatever its figures: cron would mail what
 * stays as it is after every run.
 */
export function newWarnings(warnings: readonly Problem[], runs: readonly Run[]): Problem[] {
  const last = runs.find(({ finishedAt }) => finishedAt !== null)?.problems ?? [];
  const known = new Set(last.map(warningKey));
  return warnings.filter((warning) => !known.has(warningKey(warning)));
}

function warningKey({ subject, message }: Problem): string {
  return JSON.stringify([subject, message.replace(/(\d+ \w+ ?)+/g, '')]);
}

/** Tells problems as warnings, each with what it is about and what the reader can do; `elsewhere`: where all of them are. */
export function logProblems(
  problems: readonly Problem[],
  log: Log,
  moreHint = '; the status page lists them',
): void {
  for (const problem of problems.slice(0, maxLines)) log.warn(formatProblem(problem));
  const more = problems.length - maxLines;
  if (more > 0) log.warn(`and ${more} more problems${moreHint}`);
}

/** `subject: message. remedy` in one line; the subject only where the message does not name it. */
export function formatProblem({ subject, message, remedy }: Problem): string {
  const text = message.includes(subject) ? message : `${subject}: ${message}`;
  return remedy === null ? text : `${text.replace(/[^.!?]$/, '$&.')} ${remedy}`;
}
