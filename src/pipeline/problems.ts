import { ExpectedError } from '../lib/errors.ts';
import { detailFields, type Log } from '../lib/log.ts';
import { foreignText } from '../model/run/foreignText.ts';
import type { Problem } from '../model/run/problem.ts';
import type { Run } from '../model/run/run.ts';
import { formatDuration } from '../model/values/format.ts';
import type { Session } from './session.ts';

/** Log lines for the problems of one call, at most. */
const maxLines = 20;

/**
 * Turns the failure of one test or archive into a problem, so that the others go on. Logs the stack
 * of a bug in pstrace. Throws the error again if it concerns the whole run: a failed store, or an
 * interruption.
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
    message: 'pstrace itself failed here.',
    remedy: 'This is a bug in pstrace; please report it with the stack in the log.',
    detail: foreignText(error instanceof Error ? error.message : String(error)),
  };
}

/**
 * The problem that a run's time is over, or its time for some work; `consequence` says what it left
 * out.
 */
export function outOfTimeProblem(
  subject: string,
  seconds: number,
  consequence: string,
  work?: string,
): Problem {
  const limit = formatDuration(seconds) + (work === undefined ? '' : ` for ${work}`);
  return {
    kind: 'unreachable',
    subject,
    message: `This run has reached its limit of ${limit}. ${consequence}`,
    remedy: 'Raise run_limit in the configuration if runs may take longer.',
  };
}

/** Logs a bug in pstrace: one line that says so, and the stack to report. */
export function logBug(error: unknown, subject: string, log: Log): void {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  log.error(`this is a bug in pstrace, please report it: ${message}`, { subject });
  for (const line of stack.split('\n')) log.error(line);
}

/** Merges problems that differ only in their subject into one that gives their number. */
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
 * The warnings that the last finished run (`runs` newest first) did not have. Durations in them may
 * differ. cron would otherwise mail a lasting warning after every run.
 */
export function newWarnings(warnings: readonly Problem[], runs: readonly Run[]): Problem[] {
  const last = runs.find(({ finishedAt }) => finishedAt !== null)?.problems ?? [];
  const known = new Set(last.map(warningKey));
  return warnings.filter((warning) => !known.has(warningKey(warning)));
}

function warningKey({ subject, message }: Problem): string {
  return JSON.stringify([subject, message.replace(/(\d+ \w+ ?)+/g, '')]);
}

/**
 * Logs problems as warnings, each with its subject and remedy. `moreHint` follows the number of
 * omitted problems and says where to find them.
 */
export function logProblems(
  problems: readonly Problem[],
  log: Log,
  moreHint = '; the status page lists them',
): void {
  for (const problem of problems.slice(0, maxLines)) logProblem(problem, log.warn);
  const more = problems.length - maxLines;
  if (more > 0) log.warn(`and ${more} more problems${moreHint}`);
}

/** Logs a problem at a level, with what the other party said. */
export function logProblem(problem: Problem, write: Log['warn']): void {
  write(formatProblem(problem), detailFields(problem));
}

/** `subject: message. remedy` in one line, without the subject if the message contains it. */
export function formatProblem({ subject, message, remedy }: Problem): string {
  const text = message.includes(subject) ? message : `${subject}: ${message}`;
  return remedy === null ? text : `${text.replace(/[^.!?]$/, '$&.')} ${remedy}`;
}
