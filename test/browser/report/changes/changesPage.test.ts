import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChangeRecord, MeshChanges } from '../../../../src/model/change/changeRecord.ts';
import { changesPage, incidentViews } from '../../../../src/report/changes/changesPage.ts';
import { matrixPage } from '../../../../src/report/matrix/matrixPage.ts';
import { runScript } from '../../../../src/report/runScript.ts';
import { fullMesh, now, run, site } from '../../../helpers/mesh.ts';
import { changeOf, incidentOf, testOf } from '../../../helpers/notify/samples.ts';
import { openSite, type SiteBrowser } from '../../../helpers/siteBrowser.ts';

const [one, other, third] = [testOf('a', 'b'), testOf('c', 'b'), testOf('a', 'd')];
const day = 86_400;

function recordOf(
  parts: Partial<ChangeRecord> & Pick<ChangeRecord, 'change' | 'test'>,
): ChangeRecord {
  const rest = { incidentId: null, closedAt: null, accepted: false };
  return { ...rest, acceptance: null, silence: null, ...parts };
}

const rerouted = changeOf(one, now - 3600);
const alike = changeOf(other, now - 3500);
const lost = changeOf(third, now - 3 * day, { class: 'unreachable', severity: 'critical' });
const open = incidentOf([rerouted, alike], {
  suspect: { kind: 'link', name: '203.0.113.0/30' },
  unaffectedTests: [third.id],
});
const ended = incidentOf([lost], {}, [now - 2 * day]);

const changes: MeshChanges = {
  records: [
    recordOf({ change: alike, test: other, incidentId: open.id }),
    recordOf({ change: rerouted, test: one, incidentId: open.id }),
    recordOf({ change: lost, test: third, incidentId: ended.id, closedAt: now - 2 * day }),
  ],
  incidents: [open, ended],
  acknowledgements: [],
};

const hasPage = (id: string) => id !== third.id;
const silence = {
  id: 's',
  from: now - day,
  until: now + day,
  reason: 'fibre "work"',
  by: null,
  tests: [],
  groups: [],
  elements: [],
  classes: [],
};
const body = String(changesPage(changes, site, hasPage).body);
const text = (markup: string) => markup.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

describe('the changes page', () => {
  it('leads links of a merged incident to the one that took it in', () => {
    const formerIds = new Map([[open.id, ['incident-former']]]);
    const page = String(changesPage({ ...changes, formerIds }, site, hasPage).body);
    const item = page.slice(page.indexOf(`id="${open.id}"`), page.indexOf(`id="${ended.id}"`));
    expect(item).toContain(' id="incident-former"');
  });

  it('names the start of the oldest change, which may have been detected last', () => {
    const records = [
      recordOf({ change: lost, test: third }),
      recordOf({ change: rerouted, test: one }),
    ];
    const page = String(changesPage({ ...changes, records }, site, hasPage).body);
    const start = new Date(lost.onset.by * 1000).toISOString().slice(0, 16).replace('T', ' ');
    expect(text(page)).toContain(`The oldest is from ${start} UTC`);
  });

  it('links only to incidents that it shows', () => {
    const many = Array.from({ length: 101 }, (_, index) => {
      const change = changeOf(third, now - 3 * day - index);
      return { change, incident: incidentOf([change], { id: `ended-${index}` }, [now - 2 * day]) };
    });
    const page = String(
      changesPage(
        {
          records: many.map(({ change, incident }) =>
            recordOf({ change, test: third, incidentId: incident.id, closedAt: now - 2 * day }),
          ),
          incidents: many.map(({ incident }) => incident),
          acknowledgements: [],
        },
        site,
        hasPage,
      ).body,
    );
    const linked = [...page.matchAll(/href="#(ended-\d+)"[^>]*>part of/g)].map(([, id]) => id);
    expect(linked).toHaveLength(100);
    for (const id of linked) expect(page).toContain(` id="${id}"`);
    expect(linked).not.toContain('ended-100');
  });

  it('shows the suspect of an open incident, its tests and unaffected ones', () => {
    const [incident = ''] = body.match(/<li class="incident"[\s\S]*?<\/li>/) ?? [];
    expect(text(incident)).toContain(
      'major AS path changed : link cr2.ams.example.net – cr1.fra.example.net · 2 tests · 1 other unaffected · since 2026-11-20',
    );
    expect(text(body)).toContain('1 open incident');
    expect(text(body)).toContain('1 ended or accepted incident');
  });

  it('gives the retirement of a test a moment, not a span of no length', () => {
    const at = now - 3600;
    const retired = { ...incidentOf([changeOf(one, at, { class: 'retired' })]), from: at, to: at };
    const incidents = [{ ...retired, status: 'recovered' as const }];
    const page = text(String(changesPage({ ...changes, incidents }, site, hasPage).body));
    expect(page).toMatch(/retired .* 1 test · at 2026-11-20 \d\d:\d\d UTC /);
    expect(page).not.toContain('0 s');
  });

  it('shows each change with an anchor, its effect and a link to its history', () => {
    const [row = ''] = body.match(new RegExp(`<tr id="${rerouted.id}".*</tr>`)) ?? [];
    expect(row).toContain(`href="tests/${one.id}/history.html#change-`);
    expect(text(row)).toMatch(/major .*AS path changed .*worse .*RTT \+\d/);
    expect(text(row)).toContain(
      'AS64500 → AS64501 → AS64505 → AS64510 instead of AS64500 → AS64501 → AS64510',
    );
  });

  it('does not link to a test without pages', () => {
    const [row = ''] = body.match(new RegExp(`<tr id="${lost.id}".*</tr>`)) ?? [];
    expect(row).not.toContain('href="tests/');
  });

  it('escapes texts of archives', () => {
    const hostile = { ...one, source: { address: null, name: '<script>alert(1)</script>' } };
    const records = [recordOf({ change: rerouted, test: hostile })];
    const page = String(changesPage({ ...changes, records }, site, hasPage).body);
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&lt;script&gt;alert');
  });

  it('says that there are no changes', () => {
    const empty = changesPage({ records: [], incidents: [], acknowledgements: [] }, site, hasPage);
    expect(text(String(empty.body))).toContain('No changes detected yet.');
    expect(String(empty.body)).not.toContain('<table');
  });

  it('stays small with years of changes, and says what it omits', () => {
    const records = Array.from({ length: 5000 }, (_, index) =>
      recordOf({ change: changeOf(one, now - index * 60), test: one, incidentId: open.id }),
    );
    const page = String(changesPage({ ...changes, records }, site, hasPage).body);
    expect(page.length).toBeLessThan(1_500_000);
    expect(text(page)).toContain('The newest 1,000 of 5,000');
  });
});

describe('the matrix', () => {
  it('starts with the number of open incidents and lists them', () => {
    const { body: matrix } = matrixPage(
      fullMesh(['a', 'b'], true),
      [run(0)],
      site,
      incidentViews(changes),
    );
    expect(text(String(matrix))).toMatch(/1 incident, no current problems on \d+ pairs/);
    expect(String(matrix)).toContain(`href="changes.html#${encodeURIComponent(open.id)}"`);
    expect(String(matrix)).not.toContain(encodeURIComponent(ended.id));
  });
});

describe('in a browser', () => {
  let browser: SiteBrowser;
  beforeAll(async () => {
    browser = await openSite([changesPage(changes, site, hasPage), runScript([run(0)], site)]);
  });
  afterAll(() => browser?.close());

  const visibleRows = '[data-changes] tr:not([hidden])';

  it('filters by severity, class, host, AS and date, and stores the choice in the URL', () =>
    browser.visit('changes.html', now, async (page) => {
      const shown = () => page.locator(visibleRows).count();
      expect(await shown()).toBe(3);
      await page.selectOption('[data-filter=severity]', 'critical');
      expect(await shown()).toBe(1);
      expect(page.url()).toContain('#severity=critical');
      await page.click('[data-clear]');
      await page.fill('[data-filter=text]', `${other.source.name} as64505`);
      expect(await shown()).toBe(1);
      await page.click('[data-clear]');
      await page.fill(
        '[data-filter=from]',
        new Date((now - day) * 1000).toISOString().slice(0, 10),
      );
      expect(await shown()).toBe(2);
      await page.click('[data-clear]');
      await page.check('[data-filter=open]');
      expect(await shown()).toBe(2);
      await page.reload();
      expect(await shown()).toBe(2);
      await page.fill('[data-filter=text]', 'nowhere');
      expect(await page.locator('[data-none]').isVisible()).toBe(true);
    }));

  it('shows the changes of one incident through its link', () =>
    browser.visit('changes.html', now, async (page) => {
      await page.locator('.incident a').first().click();
      await page.locator('[data-clear]').waitFor();
      expect(await page.locator(visibleRows).count()).toBe(2);
    }));
});

describe('silenced changes', () => {
  it('have a mark with the reason; an incident is silenced if all its changes are', () => {
    const [first, ...rest] = changes.records;
    if (first === undefined) throw new Error('no record');
    const page = (records: readonly ChangeRecord[]) =>
      String(changesPage({ ...changes, records }, site, hasPage).body);
    const one = page([{ ...first, silence }, ...rest]);
    expect(one).toContain('<span class="tag" title="fibre &quot;work&quot;">silenced</span>');
    expect(one).not.toContain(', silenced</span>');
    const all = page(changes.records.map((record) => ({ ...record, silence })));
    expect(all).toContain(', silenced</span>');
  });
});
