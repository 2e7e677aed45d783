import type { TestAnalysis } from '../../model/analysis.ts';
import type { Markup } from '../html.ts';
import { stateText } from '../stateText.ts';
import { renderPartial } from '../templates.ts';
import type { RouteSummary } from './routeSummary.ts';
import { endpointDisplayName, testFacts } from './testFacts.ts';

/** The head of all pages of a test, drawn once for them: its ends, its state, the verdict, and what is measured how. */
export function testHead(analysis: TestAnalysis, routeSummary: RouteSummary | null): Markup {
  const { test, stateReason } = analysis;
  return renderPartial('test-head', {
    source: endpointDisplayName(test.source),
    destination: endpointDisplayName(test.destination),
    state: stateText(analysis.state),
    routeSummary,
    reason: stateReason,
    facts: testFacts(analysis),
  });
}
