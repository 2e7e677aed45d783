import { distance } from 'fastest-levenshtein';
import { parseDuration } from '../lib/duration.ts';
import { usage } from './refusal.ts';

/** What `pstrace <archive...> [period]` was given; null and empty where the configuration decides. */
export interface Operands {
  readonly archives: readonly string[];
  readonly periodSeconds: number | null;
}

const periodRemedy = 'A period is seconds, or a number with s, m, h, d or w: 3600, 90m, 24h, 7d.';

/**
 * Takes the operands apart: the last is the period when it reads as one. Throws a `Refusal` for what is surely
 * a slip: a misspelt period or command, or a period in front.
 */
export function splitOperands(operands: readonly string[], commands: readonly string[]): Operands {
  const last = operands.at(-1);
  const seconds = last === undefined ? null : parseDuration(last);
  const archives = seconds === null ? operands : operands.slice(0, -1);
  if (seconds !== null && Math.round(seconds) <= 0) {
    throw usage(`The period ${last} is too short.`, periodRemedy);
  }
  for (const operand of archives) refuseSlip(operand, commands, operand === last);
  return { archives, periodSeconds: seconds === null ? null : Math.round(seconds) };
}

function refuseSlip(operand: string, commands: readonly string[], isLast: boolean): void {
  if (operand.trim() === '') throw usage('An archive is empty.');
  if (parseDuration(operand) !== null) {
    throw usage(`The period ${operand} stands before an archive.`, 'Give the period last.');
  }
  if (isLast && /^[-+]?\d+(\.\d+)?[a-z]*$/i.test(operand)) {
    throw usage(`${operand} is neither a period nor an archive.`, periodRemedy);
  }
  const command = /[.:/]/.test(operand)
    ? undefined
    : commands.find((known) => distance(known, operand) <= slipsIn(known));
  if (command !== undefined) {
    throw usage(`${operand} is no command.`, `Did you mean ${command}?`);
  }
}

/** Letters by which a command may be misspelt; one as short as `db` by none: a host may be called `ma`. */
function slipsIn(command: string): number {
  return Math.min(2, Math.floor(command.length / 3));
}
