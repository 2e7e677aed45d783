/** One AS of a path as far as it is known; null stands for any number of ASes that no hop told of, also none. */
export type PathStep = number | null;

/** A step of a pattern: one AS, any one AS, any number of ASes. */
type Wanted = number | '?' | '*';

/** Reads `64500 * 64510`, with or without `AS` before the numbers; null when it is no pattern. */
function parsePattern(pattern: string): Wanted[] | null {
  const words = pattern.trim().split(/\s+/);
  const steps = words.map((word): Wanted | null => {
    if (word === '*' || word === '?') return word;
    const number = /^(?:AS)?(\d{1,10})$/i.exec(word)?.[1];
    return number === undefined ? null : Number(number);
  });
  return steps.includes(null) ? null : (steps as Wanted[]);
}

/**
 * Whether an AS path fits a pattern: `yes` as far as it is known, `maybe` when unknown ASes in it could make it fit, else `no`.
 */
export function fitsAsPath(pattern: string, path: readonly PathStep[]): 'yes' | 'maybe' | 'no' {
  const wanted = parsePattern(pattern);
  if (wanted === null) return 'no';
  const known = path.filter((step) => step !== null);
  if (matches(wanted, known)) return 'yes';
  return matches(wanted, path) ? 'maybe' : 'no';
}

/** Row by row over the pattern: which beginnings of the path it can stand for. */
function matches(wanted: readonly Wanted[], path: readonly PathStep[]): boolean {
  let reached = path.map(() => false);
  reached.unshift(true);
  passUnknown(reached, path);
  for (const step of wanted) {
    const next = reached.map(() => false);
    for (let at = 0; at <= path.length; at++) {
      if (!reached[at]) continue;
      const here = path[at];
      if (step === '*') for (let end = at; end <= path.length; end++) next[end] = true;
      // An unknown stretch may hold this AS and more.
      else if (here === null) next[at] = true;
      else if (here !== undefined && (step === '?' || step === here)) next[at + 1] = true;
    }
    passUnknown(next, path);
    reached = next;
  }
  return reached[path.length] === true;
}

/** An unknown stretch may also hold nothing. */
function passUnknown(reached: boolean[], path: readonly PathStep[]): void {
  path.forEach((step, at) => {
    if (step === null && reached[at]) reached[at + 1] = true;
  });
}
