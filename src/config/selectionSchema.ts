import { z } from 'zod';
import { changeClasses } from '../model/change/change.ts';
import { parseElementPattern, parseTestPattern } from './patterns.ts';
import { oneOrMore, parsed, quotedList } from './values.ts';

export const testPatternHint =
  'expected patterns of tests in quotes, such as "*.example.org" or "a.example.org > *", several in []';
const elementPatternHint =
  'expected routers, addresses, prefixes or ASes ("AS64500") in quotes, several in []';
const groupNamesHint = 'expected names of [[group]] blocks in quotes, several in []';
const classesHint = `expected classes of changes, several in []: ${quotedList(changeClasses)}`;

export const testPatterns = oneOrMore(
  parsed(z.string(), parseTestPattern, testPatternHint),
  testPatternHint,
);
export const elementPatterns = oneOrMore(
  parsed(z.string(), parseElementPattern, elementPatternHint),
  elementPatternHint,
);
export const groupNames = oneOrMore(
  z.string().trim().min(1, { error: groupNamesHint }),
  groupNamesHint,
);
export const classes = oneOrMore(z.enum(changeClasses, { error: classesHint }), classesHint);
