import type { TestAnalysis } from '../../model/analysis.ts';
import type { Markup } from '../html.ts';
import { stateText } from '../stateText.ts';
import { renderPart } from '../templates.ts';
import { endName, testFacts } from './testFacts.ts';
import type { Verdict } from './testVerdict.ts';

/** The head of all pages of a test, drawn once for them: its ends, its state, the verdict, and what is measured how. */
export function testHead(analysis: TestAnalysis, verdict: Verdict | null): Markup {
  const { test, stateReason } = analysis;
  return renderPart('test-head', {
    source: endName(test.source),
    destination: endName(test.destination),
    state: stateText(analysis.state),
    verdict,
    reason: stateReason,
    facts: testFacts(analysis),
  });
}
