import { html, type Markup, nothing } from '../html.ts';
import { timeMarkup } from '../timeMarkup.ts';
import type { ChangeNote } from './changeNote.ts';
import type { VerdictView } from './verdictView.ts';

/** A change in a line of a page of its test; `href` leads to more of it, '' on the page that tells all. */
export function noteMarkup(note: ChangeNote, href: string): Markup {
  const { severity, title, verdict, difference, silenced } = note;
  const name = href === '' ? html`<strong>${title}</strong>` : html`<a href="${href}">${title}</a>`;
  const unlike = difference === '' ? nothing : html`; <bdi>${difference}</bdi>`;
  const silence =
    silenced === null ? nothing : html` <span class="tag" title="${silenced}">silenced</span>`;
  return html`<span class="severity ${severity}">${severity}</span> ${name} ${timeMarkup(note.at)}${verdict === null ? nothing : effect(verdict)}${unlike}${course(note)}${silence}`;
}

function effect({ judgement, word, figures, basis }: VerdictView): Markup {
  const measured = figures === '' ? nothing : html`, ${figures}`;
  const sure = basis === '' ? nothing : html` <span class="muted">(${basis})</span>`;
  return html`: <span class="judgement ${judgement}">${word}</span>${measured}${sure}`;
}

function course({ accepted, end }: ChangeNote): Markup {
  if (accepted) return html` <span class="muted">– taken as normal now</span>`;
  return end === null ? nothing : html` <span class="muted">– until ${timeMarkup(end)}</span>`;
}
