import { describe, expect, it } from 'vitest';
import type { RouteVariant } from '../../../../src/model/site/analysis.ts';
import { currentRoute } from '../../../../src/report/route/currentRoute.ts';
import { hopLoss } from '../../../../src/report/route/hopLoss.ts';
import { asBoxes } from '../../../../src/report/test/asBoxes.ts';
import { hopTable } from '../../../../src/report/test/hopTable.ts';
import { addressOf, type Course, simulated } from '../../../helpers/simulatedTest.ts';

function parts(course: Course, earlier: readonly RouteVariant[] = []) {
  const now = simulated(course);
  const analysis = { ...now, variants: [...now.variants, ...earlier] };
  const hops = currentRoute(analysis);
  const byTtl = Map.groupBy(analysis.hopStatistics, ({ ttl }) => ttl);
  const losses = hopLoss(analysis, hops, byTtl);
  return { table: hopTable(analysis, hops, losses, byTtl), boxes: asBoxes(analysis, hops, losses) };
}

function table(course: Course) {
  return parts(course).table;
}

describe('the hop table', () => {
  it('hops that never reply fold into one line', () => {
    const rows = table({ routes: { A: 'a1 * * * b1' }, course: 'AAA' });
    expect(rows.map(({ ttl, silent }) => [ttl, silent])).toEqual([
      ['1', ''],
      ['2–4', '3 hops silent'],
      ['5', ''],
      ['6', ''],
    ]);
  });

  it('several responders of one hop share its number', () => {
    const [hop] = table({ routes: { A: 'a1/a2 b1' }, course: 'AAAAAA' });
    expect(hop?.rows.map(({ name }) => name)).toEqual(['a1.example.net', 'a2.example.net']);
  });

  it('responders of another route at the same TTL are marked', () => {
    const rows = table({ routes: { A: 'a1 b1 c1', B: 'a1 d1 c1' }, course: 'AAAAAAAA BBBB' });
    expect(rows[1]?.rows.map(({ name, isOnOtherRoute }) => [name, isOnOtherRoute])).toEqual([
      ['d1.example.net', false],
      ['b1.example.net', true],
    ]);
  });

  it('a line marks where the AS changes', () => {
    const rows = table({ routes: { A: 'a1 a2 * b1' }, course: 'AAA' });
    expect(rows.map(({ asBoundary }) => asBoundary)).toEqual([false, false, false, true, true]);
  });

  it('in an outage, missing hops are still listed', () => {
    const rows = table({ routes: { A: 'a1 b1 c1' }, course: 'AAAAAAAA aaaa' });
    expect(rows.map(({ rows: [first] }) => [first?.name, first?.tag])).toEqual([
      ['a1.example.net', ''],
      ['b1.example.net', ''],
      ['c1.example.net', 'silent now'],
      ['dst.example.net', 'silent now'],
    ]);
  });
});

describe('loss of a tool that sends many probes', () => {
  const routes = { A: 'a1 b1/b2 c1', B: 'a1 b1/b2 c1' };
  const received = { A: [10, 2, 1, 10, 10], B: [10, 2, 1, 6, 5] };
  const rows = table({ routes, received, course: 'AAAAAAAABB' });

  it('is that of its probes: loss of the path if it persists to the destination, gray if a router rate-limits replies', () => {
    expect(rows.map(({ loss, lossKind, sent }) => [loss, lossKind, sent])).toEqual([
      ['0%', 'none', '100'],
      ['70%', 'local', '100'],
      ['8.0%', 'path', '100'],
      ['10%', 'path', '100'],
    ]);
    expect(rows[1]?.rows.map(({ samples }) => samples)).toEqual(['20', '10']);
  });

  it('a trace that ends early lost its probes to later hops', () => {
    const short = table({ routes, received, course: 'AAAAAAAAAa' });
    expect(short.map(({ loss, sent }) => [loss, sent])).toEqual([
      ['0%', '100'],
      ['70%', '100'],
      ['10%', '100'],
      ['10%', '100'],
    ]);
  });
});

describe('loss', () => {
  const outage: Course = { routes: { A: 'a1 b1 c1' }, course: 'AAAAAAAAA a AAAAAAAAAA' };

  it('that persists from a hop to the destination is loss of the path', () => {
    const rows = table(outage);
    expect(rows.map(({ loss, lossKind }) => [loss, lossKind])).toEqual([
      ['0%', 'none'],
      ['0%', 'none'],
      ['5.0%', 'path'],
      ['5.0%', 'path'],
    ]);
  });

  it('of a router that rate-limits replies is gray if later hops reply', () => {
    const routes = { A: 'a1 b1 c1', B: 'a1 * c1' };
    const rows = table({ routes, course: 'A B A B A B A B A A' });
    expect([rows[1]?.loss, rows[1]?.lossKind]).toEqual(['40%', 'local']);
    expect(rows[2]?.lossKind).toBe('none');
  });

  it('of a single trace at a hop is not the loss of a later outage', () => {
    const routes = { A: 'a1 b1 c1', B: 'a1 * c1' };
    const rows = table({ routes, course: `${'A'.repeat(20)} B aaaaaaaa A` });
    expect([rows[1]?.loss, rows[1]?.lossKind]).toEqual(['3.3%', 'local']);
    expect([rows[3]?.loss, rows[3]?.lossKind]).toEqual(['27%', 'path']);
  });

  it('counts the traces whose route contains the hop', () => {
    const routes = { A: 'a1 b1 c1', B: 'a1 d1 d2 d3 c1' };
    const rows = table({ routes, course: 'AAAAAAAAAAAA BBBB' });
    expect(rows.map(({ sent, loss }) => [sent, loss])).toEqual([
      ['16', '0%'],
      ['4', '0%'],
      ['4', '0%'],
      ['4', '0%'],
      ['4', '0%'],
      ['4', '0%'],
    ]);
  });
});

it('routes before the window do not count', () => {
  const course = { routes: { A: 'a1 b1' }, course: 'AAAA' };
  const [variant] = simulated(course).variants;
  if (variant === undefined) throw new Error('no variant');
  const { table: rows } = parts(course, [{ ...variant, letter: 'B', share: 0, traces: 900 }]);
  expect(rows.map(({ sent, loss }) => [sent, loss])).toEqual([
    ['4', '0%'],
    ['4', '0%'],
    ['4', '0%'],
  ]);
});

describe('the AS path diagram', () => {
  it('has a box per AS in path order; silent hops belong to the previous AS', () => {
    const { boxes } = parts({ routes: { A: 'a1 a2 * b1 * b2' }, course: 'AAA' });
    expect(boxes.map(({ title, hops }) => [title, hops.map(({ ttl }) => ttl).join()])).toEqual([
      ['AS64496', '1,2,3'],
      ['AS64497', '4,5,6'],
      ['AS64510', '7'],
    ]);
  });

  it('an unmapped hop belongs to the surrounding AS; between two ASes, it is unknown', () => {
    const responders = { x1: { asn: null, asName: null }, x2: { asn: null, asName: null } };
    const { boxes } = parts({ routes: { A: 'a1 x1 a2 x2 b1' }, course: 'AAA', responders });
    expect(boxes.map(({ title }) => title)).toEqual([
      'AS64496',
      'AS unknown',
      'AS64497',
      'AS64510',
    ]);
  });

  it('a long name is truncated; the tooltip has it in full', () => {
    const hostname = `${'very-'.repeat(40)}long.example.net`;
    const { boxes } = parts({
      routes: { A: 'a1' },
      course: 'AAA',
      responders: { a1: { hostname } },
    });
    expect(boxes[0]?.hops[0]?.name.length).toBeLessThanOrEqual(21);
    expect(boxes[0]?.hops[0]?.title).toBe(`${hostname} ${addressOf('a1')}`);
  });
});
