import { truncate } from '../../lib/truncate.ts';
import { foreignText } from '../../model/run/foreignText.ts';
import type { Problem } from '../../model/run/problem.ts';

/** Parts with one finding that the log names. */
const maxListed = 20;
const maxQuotedLength = 60;

/**
 * Parts of one template that pstrace could not use. Each text completes `psConfig: …`, in words of
 * pstrace; the names of the parts in the template are for the log.
 */
export interface TemplateFindings {
  /** A part that breaks the rules of psConfig. */
  addInvalid(text: string, ...names: readonly string[]): void;
  /** A valid part that pstrace does not evaluate. */
  addUnread(text: string, ...names: readonly string[]): void;
  problems(): Problem[];
  warnings(): Problem[];
}

/** The names of the parts by text. */
type Findings = Map<string, Set<string>>;

/** Collects the findings of the template at `location`, each once. */
export function createFindings(location: string): TemplateFindings {
  const invalid: Findings = new Map();
  const unread: Findings = new Map();
  return {
    addInvalid: (text, ...names) => addFinding(invalid, text, names),
    addUnread: (text, ...names) => addFinding(unread, text, names),
    problems: () =>
      toProblems(location, invalid, {
        kind: 'invalid-response',
        remedy: 'Check the template with `psconfig validate`.',
      }),
    warnings: () =>
      toProblems(location, unread, {
        kind: 'misconfigured',
        remedy: 'The matrix shows the tests concerned once an archive has results of them.',
      }),
  };
}

function addFinding(findings: Findings, text: string, names: readonly string[]): void {
  const parts = findings.get(text) ?? new Set();
  parts.add(names.map(quote).join(', '));
  findings.set(text, parts);
}

function toProblems(
  subject: string,
  findings: Findings,
  { kind, remedy }: Pick<Problem, 'kind' | 'remedy'>,
): Problem[] {
  return [...findings].map(([text, parts]) => ({
    kind,
    subject,
    message: `psConfig: ${text}${parts.size > 1 ? ` (${parts.size} times)` : ''}.`,
    remedy,
    detail: foreignText([...parts].slice(0, maxListed).join('; ')),
  }));
}

function quote(text: string): string {
  return JSON.stringify(truncate(text, maxQuotedLength));
}
