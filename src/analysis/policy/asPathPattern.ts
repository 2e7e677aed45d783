/** One AS of an AS path; null for any number of unknown ASes, or none. */
export type AsPathStep = number | null;

/** A step of a pattern: one AS, any one AS, any number of ASes. */
type PatternStep = number | '?' | '*';

/** Parses `64500 * 64510`, with or without `AS` before the numbers; null when it is no pattern. */
function parsePattern(pattern: string): PatternStep[] | null {
  const words = pattern.trim().split(/\s+/);
  const steps = words.map((word): PatternStep | null => {
    if (word === '*' || word === '?') return word;
    const number = /^(?:AS)?(\d{1,10})$/i.exec(word)?.[1];
    return number === undefined ? null : Number(number);
  });
  return steps.includes(null) ? null : (steps as PatternStep[]);
}

/**
 * Whether an AS path matches a pattern: `yes` as far as it is known, `maybe` when its unknown ASes
 * could make it match, else `no`.
 */
export function matchesAsPath(
  pattern: string,
  asPath: readonly AsPathStep[],
): 'yes' | 'maybe' | 'no' {
  const patternSteps = parsePattern(pattern);
  if (patternSteps === null) return 'no';
  const known = asPath.filter((step) => step !== null);
  if (matches(patternSteps, known)) return 'yes';
  return matches(patternSteps, asPath) ? 'maybe' : 'no';
}

/** Row by row over the pattern: which beginnings of the AS path it can match. */
function matches(patternSteps: readonly PatternStep[], asPath: readonly AsPathStep[]): boolean {
  let reached = asPath.map(() => false);
  reached.unshift(true);
  passUnknown(reached, asPath);
  for (const step of patternSteps) {
    reached = step === '*' ? passAny(reached) : passOne(reached, asPath, step);
    passUnknown(reached, asPath);
  }
  return reached[asPath.length] === true;
}

/** The beginnings of the AS path that any number of further ASes reaches. */
function passAny(reached: readonly boolean[]): boolean[] {
  const first = reached.indexOf(true);
  return reached.map((_, at) => first >= 0 && at >= first);
}

/** The beginnings of the AS path that one further AS reaches. */
function passOne(
  reached: readonly boolean[],
  asPath: readonly AsPathStep[],
  step: number | '?',
): boolean[] {
  const next = reached.map(() => false);
  for (const [at, here] of asPath.entries()) {
    if (!reached[at]) continue;
    // An unknown stretch may hold this AS and more.
    if (here === null) next[at] = true;
    else if (step === '?' || step === here) next[at + 1] = true;
  }
  return next;
}

/** An unknown part of the AS path may also be empty. */
function passUnknown(reached: boolean[], asPath: readonly AsPathStep[]): void {
  asPath.forEach((step, at) => {
    if (step === null && reached[at]) reached[at + 1] = true;
  });
}
