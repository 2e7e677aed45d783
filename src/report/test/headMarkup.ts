import type { TestAnalysis } from '../../model/analysis.ts';
import { html, type Markup, nothing } from '../html.ts';
import { stateText } from '../stateText.ts';
import { timeMarkup } from '../timeMarkup.ts';
import { endName, type Fact, testFacts } from './testFacts.ts';
import type { Verdict } from './testVerdict.ts';

/** The head of all pages of a test: its ends, its state, the verdict, and what is measured how. */
export function headMarkup(analysis: TestAnalysis, sentence: Verdict | null): Markup {
  const { test, stateReason } = analysis;
  const { state, glyph, word, meaning } = stateText(analysis.state);
  return html`<header class="test-head">
<h1><bdi>${endName(test.source)}</bdi> <span class="to-arrow" aria-label="to">→</span> <bdi>${endName(test.destination)}</bdi> <span class="state ${state}" title="${meaning}"><span class="glyph" aria-hidden="true">${glyph}</span>${word}</span></h1>
${sentence === null ? nothing : verdictLine(sentence)}<p class="reason"><bdi>${stateReason}</bdi></p>
<dl class="facts">
${testFacts(analysis).map(factRow)}</dl>
</header>`;
}

function verdictLine({ lead, since, note, figures }: Verdict): Markup {
  const moment = since === null ? nothing : html` ${timeMarkup(since)}`;
  return html`<p class="verdict">${lead}${moment}${note}: ${figures}.</p>\n`;
}

function factRow({ term, value }: Fact): Markup {
  return html`<div><dt>${term}</dt><dd><bdi>${value}</bdi></dd></div>\n`;
}
