/**
 * The closed list of reasons for a failed run. Pages show them in place of the words of the host
 * that ran the test, which may quote names that masking hides.
 */
export const failureReasons = [
  'no replies, not even from the first router',
  'the name cannot be resolved',
  'there is no address of this family',
  'there is no route to the destination',
  'the measuring host may not send the probes',
  'the measuring host has no tool for the test',
  'the run did not finish in time',
  'the run was not scheduled, or not started',
  'the limits of a host reject the test',
  'a host of the test did not respond',
  'no reason given',
  'another reason',
] as const;
export type FailureReason = (typeof failureReasons)[number];

/** Words of tools, perfSONAR and mtr, and the reason that they mean; the first match counts. */
const patterns: readonly (readonly [words: RegExp, reason: FailureReason])[] = [
  [/no repl(y|ies)/, 'no replies, not even from the first router'],
  [/no (ipv[46] )?address|address family/, 'there is no address of this family'],
  [
    /resolv|unknown host|unknown to the|not known|getaddrinfo|nxdomain|no such host|lookup fail/,
    'the name cannot be resolved',
  ],
  [/unreachable|no route/, 'there is no route to the destination'],
  [/limit/, 'the limits of a host reject the test'],
  [
    /not permitted|permission|not allowed|forbidden|denied|prohibited|only root/,
    'the measuring host may not send the probes',
  ],
  [
    /not installed|no (such |suitable |usable )?tool|no such file|cannot start|not found|missing/,
    'the measuring host has no tool for the test',
  ],
  [
    /time(d)?[ -]?out|did not finish|took too long|too long to run|deadline/,
    'the run did not finish in time',
  ],
  [
    /schedul|missed|cancel|preempt|conflict|not run|no time/,
    'the run was not scheduled, or not started',
  ],
  [
    /participant|connect|contact|did not respond|no answer|no response/,
    'a host of the test did not respond',
  ],
];

/** Words after which no pattern is searched; no tool writes more about one fault. */
const maxWords = 500;

/** The reason for a failed run in the words of the host that ran it. */
export function failureReasonOf(words: unknown): FailureReason {
  if (typeof words !== 'string' || words.trim() === '') return 'no reason given';
  const known = failureReasons.find((reason) => reason === words);
  if (known !== undefined) return known;
  const text = words.slice(0, maxWords).toLowerCase();
  return patterns.find(([pattern]) => pattern.test(text))?.[1] ?? 'another reason';
}
