import { ExpectedError } from '../../lib/errors.ts';
import { readText } from '../../lib/files.ts';

/** A header as in HTTP: a token, and a value of visible characters and blanks. */
const headerPattern = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?)$/;

/**
 * The headers in a file, `Name: value` one a line; blank lines and comments (`#`) are skipped.
 * Throws an `ExpectedError`, which quotes no line: the values are secrets.
 */
export function readHeaders(file: string): Record<string, string> {
  const lines = readText(file, 'the headers').split(/\r?\n/);
  const headers = lines.flatMap((line, index): [string, string][] => {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) return [];
    const [, name = '', value = ''] = headerPattern.exec(text) ?? [];
    if (name === '') throw headerError(file, index + 1);
    return [[name.toLowerCase(), value]];
  });
  return Object.fromEntries(headers);
}

function headerError(file: string, line: number): ExpectedError {
  return new ExpectedError({
    kind: 'misconfigured',
    subject: file,
    message: `line ${line} is not a header`,
    remedy: 'Write one header a line, such as "Authorization: Bearer ...".',
  });
}
