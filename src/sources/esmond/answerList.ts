import { ExpectedError } from '../../lib/errors.ts';
import type { JsonDocument } from '../../lib/http/types.ts';
import { foreignText } from '../../model/run/foreignText.ts';

/**
 * The elements of a response. Throws an `ExpectedError` about the archive `subject` if it is JSON
 * but no array, and what `JsonDocument.parse` throws.
 */
export function answerList(document: JsonDocument, subject: string): readonly unknown[] {
  const answer = document.parse();
  if (!Array.isArray(answer)) throw invalidAnswerError(subject, answer);
  return answer;
}

/** The detail is `detail` or `error` of the response. */
function invalidAnswerError(subject: string, answer: unknown): ExpectedError {
  const { detail, error } = (answer ?? {}) as { detail?: unknown; error?: unknown };
  const type = answer === null ? 'null' : typeof answer;
  return new ExpectedError({
    kind: 'invalid-response',
    subject,
    message: `The archive sent a value of type ${type} instead of a list.`,
    remedy: null,
    detail: foreignText(detail ?? error),
  });
}
