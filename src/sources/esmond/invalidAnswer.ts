import { ExpectedError } from '../../lib/errors.ts';
import { foreignText } from '../../model/run/foreignText.ts';

/** The failure of a response that is JSON but not an array; its detail is `detail` or `error`. */
export function invalidAnswerError(subject: string, answer: unknown): ExpectedError {
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
