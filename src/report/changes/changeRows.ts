import type { ChangeRecord } from '../../model/changeRecord.ts';
import type { Endpoint } from '../../model/test.ts';
import { familyLabel, timeCell } from '../format.ts';
import { html, type Markup, nothing } from '../html.ts';
import { endName, hostName } from '../test/testFacts.ts';
import { hasEnd, isLasting } from './changeNote.ts';
import { changeTitle, differenceText, historyAnchor, type NameOf } from './changeText.ts';
import { verdictView } from './verdictView.ts';

/** What the rows may link to, and how addresses are called. */
export interface RowLinks {
  /** Whether a test has pages. */
  readonly hasPage: (testId: string) => boolean;
  /** Whether an incident is on the same page. */
  readonly hasIncident: (incidentId: string) => boolean;
  readonly nameOf: NameOf;
}

/** Rows of the table of changes, for the script with what the filters ask for. */
export function changeRows(records: readonly ChangeRecord[], links: RowLinks): Markup {
  return html`${records.map((record) => row(record, links))}`;
}

function row(record: ChangeRecord, { hasPage, hasIncident, nameOf }: RowLinks): Markup {
  const { change, test } = record;
  const at = timeCell(change.onset.by);
  const systems = [...new Set([...change.fromAsPath, ...change.toAsPath])].join(' ');
  const pair = html`${end(test.source)} → ${end(test.destination)}`;
  const href = `tests/${test.id}/history.html#${historyAnchor(change)}`;
  const name = hasPage(test.id) ? html`<a href="${href}">${pair}</a>` : pair;
  return html`<tr id="${change.id}" data-class="${change.class}" data-severity="${change.severity}" data-systems="${systems}"${record.incidentId === null ? nothing : html` data-incident="${record.incidentId}"`}${isLasting(record) ? html` data-open` : nothing}><td><time datetime="${at.iso}">${at.text}</time></td><td><span class="severity ${change.severity}">${change.severity}</span></td><td>${changeTitle(change)}</td><td>${name} <span class="muted">${familyLabel(test.family)}</span></td><td>${verdictCell(record)}</td><td><bdi>${differenceText(change, nameOf)}</bdi>${incidentLink(record, hasIncident)}</td><td>${ending(record)}</td></tr>\n`;
}

/** Who goes by another name than in the network is found by both. */
function end(one: Endpoint): Markup {
  if (one.displayName === undefined) return html`<bdi data-end>${endName(one)}</bdi>`;
  return html`<bdi data-end title="${hostName(one)}">${endName(one)}</bdi>`;
}

function verdictCell({ change }: ChangeRecord): Markup {
  const verdict = verdictView(change);
  if (verdict === null) return nothing;
  const { judgement, word, figures, basis } = verdict;
  const more = basis === '' ? nothing : html` title="${basis}"`;
  return html`<span class="judgement ${judgement}"${more}>${word}</span>${figures === '' ? nothing : html` <span class="small">${figures}</span>`}`;
}

function incidentLink({ incidentId }: ChangeRecord, hasIncident: RowLinks['hasIncident']): Markup {
  if (incidentId === null || !hasIncident(incidentId)) return nothing;
  return html` <a class="small" href="#${encodeURIComponent(incidentId)}">part of an incident</a>`;
}

function ending(record: ChangeRecord): Markup {
  const { closedAt, accepted, silence } = record;
  const quiet =
    silence === null ? nothing : html` <span class="tag" title="${silence.reason}">silenced</span>`;
  if (accepted) return html`<span class="muted">normal now</span>${quiet}`;
  if (!hasEnd(record.change)) return quiet;
  if (closedAt !== null) {
    const end = timeCell(closedAt);
    return html`<time datetime="${end.iso}">${end.text}</time>${quiet}`;
  }
  return isLasting(record) ? html`<strong>lasts</strong>${quiet}` : quiet;
}
