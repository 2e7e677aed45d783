import { ExpectedError } from '../../lib/errors.ts';
import { cleanText } from '../../lib/text.ts';

/** The failure of an answer that is JSON but not the array it should be; quotes its `detail` or `error` if it has one. */
export function invalidAnswerError(subject: string, answer: unknown): ExpectedError {
  const { detail, error } = (answer ?? {}) as { detail?: unknown; error?: unknown };
  const serverText = cleanText(detail ?? error, 200);
  const what =
    serverText === null ? `of the type ${answer === null ? 'null' : typeof answer}` : serverText;
  return new ExpectedError({
    kind: 'invalid-response',
    subject,
    message: `The archive answered with something else than a list: ${what}`,
    remedy: null,
  });
}
