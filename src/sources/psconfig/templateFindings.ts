import { cleanText } from '../../lib/text.ts';
import type { Problem } from '../../model/problem.ts';

/** Faults, and unread parts, that are listed one by one for each template. */
const maxListed = 20;
const maxQuotedLength = 60;

/** Parts of one template that pstrace could not use. Each text completes `psConfig: …`. */
export interface TemplateFindings {
  /** A part that breaks the rules of psConfig. */
  addInvalid(text: string): void;
  /** A valid part that pstrace does not evaluate. */
  addUnread(text: string): void;
  problems(): Problem[];
  warnings(): Problem[];
}

/** Collects the findings of the template at `location`, each once. */
export function createFindings(location: string): TemplateFindings {
  const invalid = new Set<string>();
  const unread = new Set<string>();
  return {
    addInvalid: (text) => void invalid.add(text),
    addUnread: (text) => void unread.add(text),
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

function toProblems(
  subject: string,
  texts: ReadonlySet<string>,
  { kind, remedy }: Pick<Problem, 'kind' | 'remedy'>,
): Problem[] {
  const listed = [...texts].slice(0, maxListed);
  const omitted = texts.size - listed.length;
  const rest = omitted === 0 ? [] : [`${omitted} more parts of this template are concerned`];
  return [...listed, ...rest].map((text) => ({
    kind,
    subject,
    message: `psConfig: ${text}.`,
    remedy,
  }));
}

/** A text of a template in quotation marks, cleaned and cut. */
export function quote(text: string): string {
  return JSON.stringify(cleanText(text, maxQuotedLength) ?? '');
}
