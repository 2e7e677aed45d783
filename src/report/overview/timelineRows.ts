import { html, type Markup } from '../html.ts';
import type { StateText } from '../stateText.ts';

/** The daily timeline of one test, as a row under its source. */
export interface TimelineRow {
  readonly href: string;
  /** Name of the destination. */
  readonly name: string;
  readonly detail: string;
  readonly state: StateText;
  readonly segments: readonly TimelineSegment[];
  readonly summary: string;
}

/**
 * Neighboring marks of one kind: '' (same route, or no result due), `letter`, `unreached`, `failed`
 * or `missing`.
 */
export interface TimelineSegment {
  readonly kind: string;
  readonly text: string;
}

/** The timelines of the tests from one source. */
export interface SourceTimelines {
  readonly name: string;
  readonly rows: readonly TimelineRow[];
}

/** Table bodies of the daily timelines. */
export function timelineRows(sources: readonly SourceTimelines[]): Markup {
  return html`${sources.map(sourceBody)}`;
}

function sourceBody({ name, rows }: SourceTimelines): Markup {
  return html`<tbody>\n<tr class="source"><th scope="rowgroup"><bdi>${name}</bdi></th><td colspan="2"></td></tr>\n${rows.map(rowMarkup)}</tbody>\n`;
}

function rowMarkup({ href, name, detail, state, segments, summary }: TimelineRow): Markup {
  return html`<tr><th scope="row"><a href="${href}">→ <bdi>${name}</bdi></a> <span class="muted">${detail}</span></th><td><span class="state ${state.state}" title="${state.word}"><span class="glyph" aria-hidden="true">${state.glyph}</span><span class="visually-hidden">${state.word}</span></span></td><td title="${summary}"><code aria-hidden="true">${segments.map(segmentMarkup)}</code><span class="visually-hidden">${summary}</span></td></tr>\n`;
}

function segmentMarkup({ kind, text }: TimelineSegment): Markup {
  return kind === '' ? html`${text}` : html`<b class="${kind}">${text}</b>`;
}
