import type { TestAnalysis } from '../../model/site/analysis.ts';
import { endpointDisplayName } from '../../model/test/testText.ts';
import type { Markup } from '../html.ts';
import { stateText } from '../stateText.ts';
import { renderPartial } from '../templates.ts';
import type { HeadParts } from './latestDrawing.ts';
import { testFacts } from './testFacts.ts';

/**
 * The head of all pages of a test, rendered once: endpoints, state, route summary and facts of the
 * measurement.
 */
export function testHead(analysis: TestAnalysis, parts: HeadParts): Markup {
  const { test } = analysis;
  return renderPartial('test-head', {
    source: endpointDisplayName(test.source),
    destination: endpointDisplayName(test.destination),
    state: stateText(analysis.state),
    parts,
    drawnAt: analysis.lastTraceAt ?? '',
    hasSummary: analysis.series.length > 0,
    facts: testFacts(analysis, parts),
  });
}
