import { ExpectedError } from '../../lib/errors.ts';
import { cleanText } from '../../lib/text.ts';

/** The failure of a response that is JSON but not an array; quotes its `detail` or `error`. */
export function invalidAnswerError(subject: string, answer: unknown): ExpectedError {
  const { detail, error } = (answer ?? {}) as { detail?: unknown; error?: unknown };
  const serverText = cleanText(detail ?? error, 200);
  const what =
    serverText === null
      ? `a value of type ${answer === null ? 'null' : typeof answer}`
      : serverText;
  return new ExpectedError({
    kind: 'invalid-response',
    subject,
    message: `The archive sent something other than a list: ${what}`,
    remedy: null,
  });
}
