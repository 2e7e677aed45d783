import type { ChangeRecord } from '../../model/changeRecord.ts';
import type { Endpoint } from '../../model/test.ts';
import { familyLabel, timeCell } from '../format.ts';
import { html, type Markup, nothing } from '../html.ts';
import { endName, hostName } from '../test/testFacts.ts';
import { hasEnd, isLasting } from './changeNote.ts';
import { changeTitle, differenceText, historyAnchor, type NameOf } from './changeText.ts';
import { verdictView } from './verdictView.ts';

/** Rows of the table of changes, for the script with what the filters ask for. `hasPage`: whether a test has pages. */
export function changeRows(
  records: readonly ChangeRecord[],
  hasPage: (testId: string) => boolean,
  nameOf: NameOf,
): Markup {
  return html`${records.map((record) => row(record, hasPage(record.test.id), nameOf))}`;
}

function row(record: ChangeRecord, linked: boolean, nameOf: NameOf): Markup {
  const { change, test } = record;
  const at = timeCell(change.onset.by);
  const systems = [...new Set([...change.fromAsPath, ...change.toAsPath])].join(' ');
  const pair = html`${end(test.source)} → ${end(test.destination)}`;
  const href = `tests/${test.id}/history.html#${historyAnchor(change)}`;
  const name = linked ? html`<a href="${href}">${pair}</a>` : pair;
  return html`<tr id="${change.id}" data-class="${change.class}" data-severity="${change.severity}" data-systems="${systems}"${record.incidentId === null ? nothing : html` data-incident="${record.incidentId}"`}${isLasting(record) ? html` data-open` : nothing}><td><time datetime="${at.iso}">${at.text}</time></td><td><span class="severity ${change.severity}">${change.severity}</span></td><td>${changeTitle(change)}</td><td>${name} <span class="muted">${familyLabel(test.family)}</span></td><td>${verdictCell(record)}</td><td><bdi>${differenceText(change, nameOf)}</bdi>${incidentLink(record)}</td><td>${ending(record)}</td></tr>\n`;
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

function incidentLink({ incidentId }: ChangeRecord): Markup {
  if (incidentId === null) return nothing;
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
