import { distance } from 'fastest-levenshtein';
import { parseDuration } from '../lib/duration.ts';
import { usageError } from '../lib/usageError.ts';

/** What `pstrace <archive...> [period]` was given; null and empty where the configuration decides. */
export interface Operands {
  readonly archives: readonly string[];
  readonly windowSeconds: number | null;
}

const windowRemedy = 'A period is seconds, or a number with s, m, h, d or w: 3600, 90m, 24h, 7d.';

/**
 * Takes the operands apart: the last is the period when it reads as one. Throws a `Refusal` for what is surely
 * a slip: a misspelt period or command, or a period in front.
 */
export function parseOperands(operands: readonly string[], commands: readonly string[]): Operands {
  const last = operands.at(-1);
  const seconds = last === undefined ? null : parseDuration(last);
  const archives = seconds === null ? operands : operands.slice(0, -1);
  if (seconds !== null && Math.round(seconds) <= 0) {
    throw usageError(`The period ${last} is too short.`, windowRemedy);
  }
  for (const operand of archives) rejectTypo(operand, commands, operand === last);
  return { archives, windowSeconds: seconds === null ? null : Math.round(seconds) };
}

function rejectTypo(operand: string, commands: readonly string[], isLast: boolean): void {
  if (operand.trim() === '') throw usageError('An archive is empty.');
  if (parseDuration(operand) !== null) {
    throw usageError(`The period ${operand} stands before an archive.`, 'Give the period last.');
  }
  if (isLast && /^[-+]?\d+(\.\d+)?[a-z]*$/i.test(operand)) {
    throw usageError(`${operand} is neither a period nor an archive.`, windowRemedy);
  }
  const command = /[.:/]/.test(operand)
    ? undefined
    : commands.find((known) => distance(known, operand) <= allowedTypos(known));
  if (command !== undefined) {
    throw usageError(`${operand} is no command.`, `Did you mean ${command}?`);
  }
}

/** Letters by which a command may be misspelt; one as short as `db` by none: a host may be called `ma`. */
function allowedTypos(command: string): number {
  return Math.min(2, Math.floor(command.length / 3));
}
