import { describe, expect, it } from 'vitest';
import { blankChange } from '../../../../src/model/change/blankChange.ts';
import type { Change } from '../../../../src/model/change/change.ts';
import { historyPage } from '../../../../src/report/history/historyPage.ts';
import { testView } from '../../../../src/report/test/testView.ts';
import { site } from '../../../helpers/mesh.ts';
import { type Course, simulated } from '../../../helpers/simulatedTest.ts';

const routes = { A: 'a1 a2 b1 c1', B: 'a1 a2 d1 d2 c1', C: 'a1 a2 e1 c1' };

function html(course: Partial<Course>): string {
  const analysis = simulated({ routes, course: 'AAA', ...course });
  return String(historyPage(testView(analysis), site).body);
}

function text(body: string): string {
  return body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
}

function ids(body: string): string[] {
  return [...body.matchAll(/ id="(t\d[^"]*)"/g)].map(([, id = '']) => id);
}

describe('the history of a test', () => {
  it('says why a change was reported, in sentences and shares, and hides no hostile name', () => {
    const analysis = simulated({ routes, course: `${'A'.repeat(30)} ${'B'.repeat(20)}` });
    const at = analysis.periods[1]?.from ?? 0;
    const change = {
      ...blankChange(analysis.test.id, 'intra_as', 'moderate', at),
      confidence: 0.92,
      routeChange: {
        level: 'intra_as',
        reason: 'place',
        removed: [],
        added: [],
        shares: [
          {
            ttl: 3,
            before: [
              { name: 'b<1>.example.net', share: 0.7 },
              { name: null, share: 0.3 },
            ],
            after: [],
          },
        ],
        evidenceNats: 11,
        traces: 2,
        firstAsn: null,
      },
    } satisfies Change;
    const { test } = analysis;
    const end = { closedAt: null, accepted: false, acceptance: null, silence: null };
    const record = { change, test, incidentId: 'incident-1', ...end };
    const body = String(historyPage(testView(analysis), site, [record]).body);
    expect(text(body)).toContain('The new route passes other places. 2 traces give 11 nats');
    expect(text(body)).toContain('3 b&lt;1&gt;.example.net 70% , the destination 30% no reply');
    expect(text(body)).toContain('92% sure');
    expect(body).toContain('<a href="../../changes.html#incident=incident-1">');
  });

  const course = `${'A'.repeat(30)} ${'B'.repeat(20)} ${'A'.repeat(16)} ${'B'.repeat(20)}`;

  it('lists every period, newest first, with an anchor from its start', () => {
    expect(ids(html({ course }))).toEqual([
      't20261120T110000Z',
      't20261120T082000Z',
      't20261120T050000Z',
      't20261120T000000Z',
    ]);
  });

  it('keeps the anchors of old periods when new traces arrive', () => {
    const before = ids(html({ course }));
    const after = ids(html({ course: `${course} ${'C'.repeat(12)}` }));
    expect(after.slice(1)).toEqual(before);
  });

  it('shows changed hops and folds the others', () => {
    const long = { A: 'a1 a2 a3 a4 b1 c1', B: 'a1 a2 a3 a4 d1 d2 c1' };
    const body = text(html({ routes: long, course: `${'A'.repeat(30)} ${'B'.repeat(20)}` }));
    expect(body).toContain('2 hops differ: after hop 4 (a4.example.net), same again from hop 7');
    expect(body).toContain('AS64496 → - AS64497 → + AS64499 → AS64498');
    expect(body).toContain('3 hops unchanged 4 a4.example.net');
    expect(body).toMatch(/\+ 5 d1\.example\.net [\d.]+ · AS64499 ~ 5 b1\.example\.net/);
    const own = body.slice(0, body.indexOf('Hops '));
    expect(own).not.toContain('a1.example.net');
    expect(body.slice(own.length)).toContain('Hops a1.example.net (198.51.100.57) AS64496');
  });

  it('shows the effect of a change in figures', () => {
    const body = text(html({ course, rttMs: { A: 20, B: 38 }, mtu: { A: 9000, B: 1500 } }));
    expect(body).toContain('median RTT 20.0 ms → 38.0 ms (+18.0 ms), 5 → 6 hops, MTU 9000 → 1500');
  });

  it('shows a comparison once and links to it from later entries', () => {
    const body = html({ course });
    expect(body.match(/<table class="diff-table"/g)).toHaveLength(2);
    expect(body).toContain('<a href="#t20261120T110000Z">Hops at');
  });

  it('alternating routes are one entry that lists its periods', () => {
    const body = html({ course: `${'A'.repeat(40)} BA BA BA BA BA` });
    expect(text(body)).toContain('Routes A and B alternate, 9 changes');
    expect(ids(body)).toHaveLength(11);
    expect(new Set(ids(body)).size).toBe(11);
  });

  it('an outage shows the last reply, not a change of route', () => {
    const body = text(html({ course: `${'A'.repeat(30)} aaaa AAAA` }));
    expect(body).toContain('The destination does not reply; the last reply is from hop 2');
    expect(body).toContain('The destination replies again.');
    expect(body).toContain('One route throughout, 1 period without a reply');
    expect(body).not.toContain('Hops of');
  });

  it('a history without changes is one sentence', () => {
    expect(text(html({ course: 'AAAA' }))).toContain(' One route throughout; newest first. ');
    expect(text(html({ course: 'a'.repeat(20) }))).toContain('the destination never replies;');
  });

  it('the oldest entry may be older than the data', () => {
    expect(text(html({ course }))).toContain('since 2026-11-20 00:00 UTC or earlier');
  });

  it('a very long history shows its newest 200 entries and says so', () => {
    const view = testView(simulated({ routes, course: 'AAB'.repeat(120) }));
    const { periods } = view.analysis;
    expect(periods).toHaveLength(240);
    const segments = periods.map((_, index) => ({ first: index, last: index, variants: [] }));
    const body = String(historyPage({ ...view, segments }, site).body);
    expect(ids(body)).toHaveLength(200);
    expect(ids(body)[0]).toBe('t20261122T115000Z');
    expect(text(body)).toContain('40 older entries are in the JSON');
    expect(body.length).toBeLessThan(200_000);
  });
});
