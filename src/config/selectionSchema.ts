import { z } from 'zod';
import { elementPattern, testPattern } from './patterns.ts';
import { anyOf, oneOrMore } from './values.ts';

/** Classes of changes and their severities; the same words as in the model, which config may not import. */
export const classWords = [
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
export const severityWords = ['critical', 'major', 'moderate', 'minor', 'info'] as const;

/** Text that a reader understands; null is what he does not. */
const readable = (read: (written: string) => string | null, expected: string) =>
  z.string().transform((written, context) => {
    const found = read(written);
    if (found !== null) return found;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });

export const testWords =
  'expected patterns of tests in quotes, such as "*.example.org" or "a.example.org > *", several in []';
const elementWords =
  'expected routers, addresses, prefixes or ASes ("AS64500") in quotes, several in []';
const groupWords = 'expected names of [[group]] blocks in quotes, several in []';

export const testPatterns = oneOrMore(readable(testPattern, testWords), testWords);
export const elementPatterns = oneOrMore(readable(elementPattern, elementWords), elementWords);
export const groupNames = oneOrMore(z.string().trim().min(1, { error: groupWords }), groupWords);
const classesWords = `expected classes of changes, several in []: ${anyOf(classWords)}`;
export const classes = oneOrMore(z.enum(classWords, { error: classesWords }), classesWords);
