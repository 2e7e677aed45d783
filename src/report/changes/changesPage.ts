import { changeClasses, severities } from '../../model/change/change.ts';
import { changeClassLabels } from '../../model/change/changeLabels.ts';
import type { ChangeRecord, MeshChanges } from '../../model/change/changeRecord.ts';
import {
  formatCount,
  pluralize,
  type TimeText,
  timeText,
  utcTime,
} from '../../model/values/format.ts';
import { pageLayout } from '../layout.ts';
import type { Page, SiteContext } from '../page.ts';
import { renderPage } from '../templates.ts';
import { changeRows } from './changeRows.ts';
import type { HostNameLookup } from './changeText.ts';
import { type IncidentView, incidentView } from './incidentView.ts';

/** Maximum numbers on the page; the data files list all. */
const maxChanges = 1000;
const maxEndedIncidents = 100;

/**
 * `changes.html`: incidents and changes, newest first. `hasPage`: whether a test has pages to link
 * to; `nameOf`: the host name of an address.
 */
export function changesPage(
  changes: MeshChanges,
  site: SiteContext,
  hasPage: (testId: string) => boolean,
  nameOf: HostNameLookup = (address) => address,
): Page {
  const { records } = changes;
  const incidents = incidentViews(changes);
  const open = incidents.filter((incident) => incident.open);
  const ended = incidents.filter((incident) => !incident.open);
  const endedShown = ended.slice(0, maxEndedIncidents);
  const incidentsShown = new Set([...open, ...endedShown].map(({ id }) => id));
  const hasIncident = (id: string) => incidentsShown.has(id);
  const shown = records.slice(0, maxChanges).sort((a, b) => b.change.onset.by - a.change.onset.by);
  const summary = summaryText(open.length, records, site);
  const body = renderPage('changes', {
    layout: pageLayout(site, {
      root: '',
      title: titleText(open.length),
      description: summary,
      section: 'changes',
    }),
    heading: titleText(open.length),
    summary,
    since: oldestOnset(records),
    open,
    ended: endedShown,
    endedCount: pluralize(ended.length, 'ended or accepted incident'),
    rows: changeRows(shown, { hasPage, hasIncident, nameOf }),
    changeCount: shown.length,
    note:
      shown.length < records.length
        ? `The newest ${formatCount(shown.length)} of ${formatCount(records.length)}; the files below list all.`
        : '',
    classes: changeClasses
      .filter((changeClass) => shown.some(({ change }) => change.class === changeClass))
      .map((changeClass) => ({ value: changeClass, label: changeClassLabels[changeClass] })),
    feeds: site.feeds ?? [],
    severities: severities.filter((severity) =>
      shown.some(({ change }) => change.severity === severity),
    ),
  });
  return { path: 'changes.html', body };
}

/** All incidents as pages show them, in the given order. */
export function incidentViews({
  incidents,
  records,
  acknowledgements,
  formerIds,
}: MeshChanges): IncidentView[] {
  const byIncident = Map.groupBy(records, ({ incidentId }) => incidentId);
  const acknowledged = new Map(acknowledgements.map((each) => [each.incidentId, each]));
  return incidents.map((incident) => {
    const own = byIncident.get(incident.id) ?? [];
    const view = incidentView(incident, own, acknowledged.get(incident.id) ?? null);
    return { ...view, formerIds: formerIds?.get(incident.id) ?? [] };
  });
}

/** The start of the oldest change; null for none. The records are in the order of detection. */
function oldestOnset(records: readonly ChangeRecord[]): TimeText | null {
  const [oldest] = records.toSorted((a, b) => a.change.onset.by - b.change.onset.by);
  return oldest === undefined ? null : timeText(oldest.change.onset.by);
}

function titleText(open: number): string {
  return open === 0 ? 'Changes' : `${pluralize(open, 'open incident')}`;
}

function summaryText(
  open: number,
  records: readonly ChangeRecord[],
  { stale }: SiteContext,
): string {
  const until = stale === null ? '' : ` until ${utcTime(stale.since)}`;
  if (records.length === 0) return `No changes detected${until === '' ? ' yet' : until}.`;
  const tests = new Set(records.map(({ test }) => test.id)).size;
  const incidents = open === 0 ? `No open incidents${until}. ` : '';
  return `${incidents}${pluralize(records.length, 'change')} of ${pluralize(tests, 'test')}.`;
}
