import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { Acknowledgement, Silence } from '../../../../src/model/alerting/silence.ts';
import { blankChange } from '../../../../src/model/change/blankChange.ts';
import type { ChangeRecord } from '../../../../src/model/change/changeRecord.ts';
import type { Incident } from '../../../../src/model/incident/incident.ts';
import { atomFeed } from '../../../../src/report/lists/atomFeed.ts';
import { changesCsv } from '../../../../src/report/lists/changesCsv.ts';
import { changesNdjson, incidentsJson } from '../../../../src/report/lists/publicChange.ts';
import { changeOf, hour, incidentOf, ten, testOf } from '../../../helpers/notify/samples.ts';

const ab = testOf('a', 'b');
const silence: Silence = {
  id: 's',
  from: ten,
  until: ten + hour,
  reason: 'work',
  by: 'ada',
  tests: [],
  groups: [],
  elements: [],
  classes: [],
};
const full: ChangeRecord = {
  change: changeOf(ab, ten),
  test: ab,
  incidentId: 'i',
  closedAt: ten + hour,
  accepted: false,
  acceptance: null,
  silence,
};
const bare: ChangeRecord = {
  change: { ...blankChange('a-b', 'new_test', 'info', ten), confidence: 0.25 },
  test: ab,
  incidentId: null,
  closedAt: null,
  accepted: false,
  acceptance: null,
  silence: null,
};

function validator(name: string) {
  const url = new URL(`../../../../schemas/${name}.schema.json`, import.meta.url);
  return new Ajv2020({ allErrors: true }).compile(JSON.parse(readFileSync(url, 'utf8')));
}

describe('changes as NDJSON', () => {
  const lines = changesNdjson([full, bare]).split('\n');

  test('are one valid object a line', () => {
    expect(lines.pop()).toBe('');
    const valid = validator('change');
    for (const line of lines) expect(valid(JSON.parse(line)), String(valid.errors)).toBe(true);
  });

  test('give the figures that led to the report', () => {
    const routeChange = {
      level: 'intra_as' as const,
      reason: 'place' as const,
      removed: [],
      added: [],
      shares: [
        { ttl: 4, before: [{ name: 'r1', share: 0.98 }], after: [{ name: null, share: 1 }] },
      ],
      evidenceNats: 14.2,
      traces: 2,
      firstAsn: null,
    };
    const grading = { company: ['c-d'], reasons: [['company', 1]] as const };
    const change = { ...full.change, routeChange, grading, usedSince: ten, prevalence: 0.9 };
    const line = JSON.parse(changesNdjson([{ ...full, change }]));
    const valid = validator('change');
    expect(valid(line), String(valid.errors)).toBe(true);
    expect(line).toMatchObject({
      rttShiftMs: 14.2,
      rttSamplesBefore: 12,
      rttSamplesAfter: 3,
      usualSinceIso: '2026-11-20T10:00:00Z',
      usualShare: 0.9,
      difference: 'place',
      evidenceNats: 14.2,
      evidenceTraces: 2,
      shares: routeChange.shares,
      company: ['c-d'],
      confidenceReasons: [{ reason: 'company', nats: 1 }],
    });
  });

  test('name the addresses that went and came, the times and the silence', () => {
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      at: ten - 600,
      atIso: '2026-11-20T09:50:00Z',
      removed: ['203.0.113.1', '203.0.113.5'],
      added: ['203.0.113.9', '203.0.113.13', '203.0.113.17'],
      rttShiftCi: [12.1, 16.3],
      closedAtIso: '2026-11-20T11:00:00Z',
      silenced: 'work',
    });
  });
});

test('incidents as JSON fit their schema, acknowledged or not, and when there are none', () => {
  const valid = validator('incidents');
  const incident = incidentOf([full.change], { id: 'i', unaffectedTests: ['x'] });
  const meshOf = (incidents: Incident[], acknowledgements: Acknowledgement[]) => ({
    records: [full],
    incidents,
    acknowledgements,
    formerIds: new Map([['i', ['former']]]),
  });
  const ack = { incidentId: 'i', at: ten, by: null, note: null };
  for (const text of [
    incidentsJson(meshOf([incident], [ack])),
    incidentsJson(meshOf([incident], [])),
    incidentsJson(meshOf([], [])),
  ])
    expect(valid(JSON.parse(text)), JSON.stringify(valid.errors)).toBe(true);
  expect(JSON.parse(incidentsJson(meshOf([incident], [ack]))).incidents[0]).toMatchObject({
    formerIds: ['former'],
    suspect: { kind: 'unknown', name: null },
    tests: 1,
    unaffectedTests: 1,
    acknowledgedAt: ten,
  });
});

test('an incident that an operator accepted says so, and has no end', () => {
  const acceptance = { changeId: full.change.id, at: ten + 60, by: 'ops', note: 'old =link' };
  const records = [{ ...full, closedAt: null, acceptance }];
  const incident = { ...incidentOf([full.change], { id: 'i' }, [ten + 60]), status: 'accepted' };
  const mesh = { records, incidents: [incident as Incident], acknowledgements: [] };
  const [shown] = JSON.parse(incidentsJson(mesh)).incidents;
  const accepted = { acceptedAt: ten + 60, acceptedBy: 'operator', acceptedAuthor: 'ops' };
  expect(shown).toMatchObject({ ...accepted, acceptedNote: 'old =link', to: null });
  const valid = validator('change');
  const change = JSON.parse(changesNdjson(records));
  expect(valid(change), JSON.stringify(valid.errors)).toBe(true);
  expect(change).toMatchObject({ ...accepted, acceptedNote: 'old =link', closedAt: null });
  const [feedEntry] =
    /<entry>.*<\/entry>/s.exec(
      atomFeed({ title: 'Changes', path: 'feed.xml', baseUrl: null }, records),
    ) ?? [];
  expect(feedEntry).toContain('Accepted on 2026-11-20 10:01 UTC by ops: old =link.');
  expect(feedEntry).toContain('<updated>2026-11-20T10:01:00Z</updated>');
});

describe('changes as CSV', () => {
  test('have a header and one record each, unknown values empty', () => {
    const [header, first, second, last] = changesCsv([full, bare]).split('\r\n');
    expect(header?.split(',').slice(0, 3)).toEqual(['id', 'testId', 'archive']);
    expect(first).toContain(
      ',2026-11-20T09:50:00Z,2026-11-20T10:00:00Z,inter_as,major,worse,i,64500 64501 64510,',
    );
    expect(second).toMatch(/,new_test,info,unknown,,,,,,,,,,,,,,,,,,0.25,,0,0,,,,,,$/);
    expect(last).toBe('');
  });

  test('cannot put a formula into a spreadsheet or break a record', () => {
    const evil = { ...ab, source: { address: null, name: '=HYPERLINK("http://x","y"),\n' } };
    const [, record] = changesCsv([{ ...full, test: evil }]).split('\r\n');
    expect(record).toContain(`"'=HYPERLINK(""http://x"",""y""),\n"`);
  });
});

describe('a feed', () => {
  const feed = { title: 'Changes <all>', path: 'feed.xml', baseUrl: 'https://p.example.org/' };

  test('lists each change with its own id, link and times', () => {
    const xml = atomFeed(feed, [full]);
    expect(xml).toContain('<title>Changes &lt;all&gt;</title>');
    expect(xml).toContain('<title>major: AS path changed, a.example.net → b.example.net</title>');
    expect(xml).toContain('<published>2026-11-20T10:00:00Z</published>');
    expect(xml).toContain('<updated>2026-11-20T11:00:00Z</updated>');
    expect(xml).toContain(
      `<link href="https://p.example.org/changes.html#${encodeURIComponent(full.change.id)}"/>`,
    );
  });

  test('has entries with ids that stay the same wherever the site is, and an id of its own among those of other sites', () => {
    const ids = (xml: string) => xml.match(/urn:uuid:[\da-f-]+/g);
    const [own, ...entries] = ids(atomFeed(feed, [full, bare])) ?? [];
    const there = atomFeed({ ...feed, baseUrl: 'https://q.example.net/' }, [full, bare]);
    const [other, ...same] = ids(there) ?? [];
    expect(entries).toEqual(same);
    expect(new Set([own, other, ...entries]).size).toBe(4);
  });

  test('of a test has relative links if the URL of the site is unknown', () => {
    const xml = atomFeed({ ...feed, path: 'tests/a-b/feed.xml', baseUrl: null }, [full]);
    expect(xml).toContain('<link href="../../changes.html#');
  });

  test('stays the same until a change is new', () => {
    expect(atomFeed(feed, [])).toContain('<updated>1970-01-01T00:00:00Z</updated>');
  });

  test('lists a hundred at most', () => {
    const many = Array.from({ length: 150 }, () => full);
    expect(atomFeed(feed, many).match(/<entry>/g)).toHaveLength(100);
  });

  test('is well-formed whatever a host is called', () => {
    const evil = { ...ab, source: { address: null, name: `</title><script>\u0000\u001b]]>&"'` } };
    const xml = atomFeed(feed, [{ ...full, test: evil }]);
    expect(xml).toContain('&lt;/title&gt;&lt;script&gt;]]&gt;&amp;&quot;&#39;');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the test looks for them
    expect(xml).not.toMatch(/[\u0000-\u0008\u001b]|<script>/);
  });
});
