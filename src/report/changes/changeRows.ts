import { silenceDetails } from '../../model/alerting/silence.ts';
import { changeClassLabels } from '../../model/change/changeLabels.ts';
import {
  type ChangeRecord,
  canStayOpen,
  endedAtOf,
  isOpenChange,
} from '../../model/change/changeRecord.ts';
import { isUnsure } from '../../model/change/grading.ts';
import type { Endpoint } from '../../model/test/test.ts';
import { endpointDisplayName, endpointHostName, pairText } from '../../model/test/testText.ts';
import { familyLabel, timeCell } from '../../model/values/format.ts';
import { html, type Markup, nothing } from '../html.ts';
import { acceptedText } from './changeNote.ts';
import { changeTitle, differenceText, type HostNameLookup, historyAnchor } from './changeText.ts';
import { verdictView } from './verdictView.ts';

/** Possible link targets of the rows, and names of addresses. */
export interface ChangeRowLinks {
  /** Whether a test has pages. */
  readonly hasPage: (testId: string) => boolean;
  /** Whether an incident is on the same page. */
  readonly hasIncident: (incidentId: string) => boolean;
  readonly nameOf: HostNameLookup;
}

/** Rows of the table of changes, with data attributes for the filters. */
export function changeRows(records: readonly ChangeRecord[], links: ChangeRowLinks): Markup {
  return html`${records.map((record) => changeRow(record, links))}`;
}

function changeRow(record: ChangeRecord, { hasPage, hasIncident, nameOf }: ChangeRowLinks): Markup {
  const { change, test } = record;
  const at = timeCell(change.onset.by);
  const asNumbers = [...new Set([...change.fromAsPath, ...change.toAsPath])].join(' ');
  const pair = html`${endpointMarkup(test.source)} → ${endpointMarkup(test.destination)}`;
  const href = `tests/${test.id}/history.html#${historyAnchor(change)}`;
  const name = hasPage(test.id) ? html`<a href="${href}">${pair}</a>` : pair;
  return html`<tr id="${change.id}" data-class="${change.class}" data-severity="${change.severity}" data-asns="${asNumbers}"${record.incidentId === null ? nothing : html` data-incident="${record.incidentId}"`}${isOpenChange(record) ? html` data-open` : nothing}><td><time datetime="${at.iso}">${at.text}</time></td><td><span class="severity ${change.severity}">${change.severity}</span>${isUnsure(change) ? html` <span class="muted">unsure</span>` : nothing}</td><td>${changeTitle(change)}</td><td>${name} <span class="muted">${familyLabel(test.family)}</span></td><td>${verdictCell(record)}</td><td><bdi>${differenceText(change, nameOf)}</bdi>${incidentLink(record, hasIncident)}</td><td>${endingMarkup(record)}</td></tr>\n`;
}

/** A host with a display name also carries its host name, so that a search finds both. */
function endpointMarkup(endpoint: Endpoint): Markup {
  if (endpoint.displayName === undefined)
    return html`<bdi data-end>${endpointDisplayName(endpoint)}</bdi>`;
  return html`<bdi data-end title="${endpointHostName(endpoint)}">${endpointDisplayName(endpoint)}</bdi>`;
}

function verdictCell({ change }: ChangeRecord): Markup {
  const verdict = verdictView(change);
  if (verdict === null) return nothing;
  const { judgment, word, figures, basis } = verdict;
  const more = basis === '' ? nothing : html` title="${basis}"`;
  return html`<span class="judgment ${judgment}"${more}>${word}</span>${figures === '' ? nothing : html` <span class="small">${figures}</span>`}`;
}

function incidentLink(
  { incidentId, change, test }: ChangeRecord,
  hasIncident: ChangeRowLinks['hasIncident'],
): Markup {
  if (incidentId === null || !hasIncident(incidentId)) return nothing;
  const label = `part of an incident: ${changeClassLabels[change.class]}, ${pairText(test)}`;
  return html` <a class="small" href="#${encodeURIComponent(incidentId)}" aria-label="${label}">part of an incident</a>`;
}

function endingMarkup(record: ChangeRecord): Markup {
  const { silence } = record;
  const endedAt = endedAtOf(record);
  const silencedTag =
    silence === null
      ? nothing
      : html` <span class="tag" title="${silence.reason}">silenced</span> <span class="small muted"><bdi>${silenceDetails(silence)}</bdi></span>`;
  const accepted = acceptedText(record);
  if (!canStayOpen(record.change)) return silencedTag;
  if (endedAt !== null) {
    const ended = timeCell(endedAt);
    return html`<time datetime="${ended.iso}">${ended.text}</time>${silencedTag}`;
  }
  if (accepted !== '') return html`<span class="muted">${accepted}</span>${silencedTag}`;
  return isOpenChange(record) ? html`<strong>open</strong>${silencedTag}` : silencedTag;
}
