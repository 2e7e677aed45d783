import { z } from 'zod';
import { parseElementPattern, parseTestPattern } from './patterns.ts';
import { oneOrMore, quotedList } from './values.ts';

/** Classes of changes and their severities; the same words as in the model, which config may not import. */
export const classNames = [
  'unreachable',
  'inter_as',
  'intra_as',
  'same_site',
  'flap',
  'recovered',
  'rtt_shift',
  'loss',
  'mtu_drop',
  'vanished',
  'new_test',
  'policy',
] as const;
export const severityNames = ['critical', 'major', 'moderate', 'minor', 'info'] as const;

/** Text that a reader understands; null is what he does not. */
const parsedText = (parse: (text: string) => string | null, expected: string) =>
  z.string().transform((text, context) => {
    const found = parse(text);
    if (found !== null) return found;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });

export const testPatternHint =
  'expected patterns of tests in quotes, such as "*.example.org" or "a.example.org > *", several in []';
const elementPatternHint =
  'expected routers, addresses, prefixes or ASes ("AS64500") in quotes, several in []';
const groupNamesHint = 'expected names of [[group]] blocks in quotes, several in []';

export const testPatterns = oneOrMore(
  parsedText(parseTestPattern, testPatternHint),
  testPatternHint,
);
export const elementPatterns = oneOrMore(
  parsedText(parseElementPattern, elementPatternHint),
  elementPatternHint,
);
export const groupNames = oneOrMore(
  z.string().trim().min(1, { error: groupNamesHint }),
  groupNamesHint,
);
const classesHint = `expected classes of changes, several in []: ${quotedList(classNames)}`;
export const classes = oneOrMore(z.enum(classNames, { error: classesHint }), classesHint);
