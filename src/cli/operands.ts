import { distance } from 'fastest-levenshtein';
import { isDuration, parseDuration } from '../lib/duration.ts';
import { usageError } from '../lib/usageError.ts';

/**
 * The operands of `pstrace <archive...> [window]`; the configuration supplies empty and null ones.
 */
export interface Operands {
  readonly archives: readonly string[];
  readonly windowSeconds: number | null;
}

const windowRemedy = 'A window is seconds, or a number with s, m, h, d or w: 3600, 90m, 24h, 7d.';

/**
 * Splits the operands: the last is the window if it reads as one. Throws a `UsageError` for an
 * obvious slip: a misspelled window or command, or a window before an archive.
 */
export function parseOperands(operands: readonly string[], commands: readonly string[]): Operands {
  const last = operands.at(-1);
  const window = last !== undefined && isDuration(last) ? last : null;
  const archives = window === null ? operands : operands.slice(0, -1);
  const windowSeconds = window === null ? null : parseWindow(window);
  for (const operand of archives) rejectTypo(operand, commands, operand === last);
  return { archives, windowSeconds };
}

/** Operands in psTrace's form, `-u HOST… -t SECONDS`. */
export interface PsTraceOptions {
  readonly u?: readonly string[];
  /** Seconds. */
  readonly t?: number;
}

/**
 * The operands with those of psTrace's options added. Throws a `UsageError` if the window is given
 * in both forms.
 */
export function withPsTraceOptions(
  operands: readonly string[],
  { u = [], t }: PsTraceOptions,
): readonly string[] {
  const all = [...u, ...operands];
  if (t === undefined) return all;
  const last = all.at(-1);
  if (last !== undefined && isDuration(last)) {
    throw usageError(`The window is given twice: ${last}, and -t.`, 'Give one of them.');
  }
  return [...all, `${t}`];
}

function parseWindow(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === null) {
    throw usageError(`The window ${text} is longer than 100 years.`, windowRemedy);
  }
  if (Math.round(seconds) <= 0) throw usageError(`The window ${text} is too short.`, windowRemedy);
  return Math.round(seconds);
}

function rejectTypo(operand: string, commands: readonly string[], isLast: boolean): void {
  if (operand.trim() === '') throw usageError('The name of an archive is empty.');
  if (isDuration(operand)) {
    throw usageError(`The window ${operand} comes before an archive.`, 'Give the window last.');
  }
  if (isLast && /^[-+]?\d+(\.\d+)?[a-z]*$/i.test(operand)) {
    throw usageError(`${operand} is neither a window nor an archive.`, windowRemedy);
  }
  const command = /[.:/]/.test(operand)
    ? undefined
    : commands.find((known) => distance(known, operand) <= allowedTypos(known));
  if (command !== undefined) {
    throw usageError(`${operand} is not a command.`, `Did you mean ${command}?`);
  }
}

/**
 * Typing errors to recognize in a command. None in one as short as `db`: a host may be called `ma`.
 */
function allowedTypos(command: string): number {
  return Math.min(2, Math.floor(command.length / 3));
}
