import { expect, test } from 'vitest';
import { play, readScenario } from './scenario.ts';

function sharesIn(text: string): string[] {
  const found = play(readScenario(text)).find(({ change }) => change.routeChange !== undefined);
  return (found?.change.routeChange?.shares ?? []).map(({ ttl, before, after }) => {
    const side = (list: typeof before) =>
      list.map(({ name, share }) => `${name?.split('.')[0] ?? 'D'} ${share.toFixed(1)}`).join('+');
    return `${ttl}: ${side(before)} > ${side(after)}`;
  });
}

test('a change of route shows what answers at each ttl that differs, before and after', () => {
  expect(sharesIn('usual 60 a b.fra c.lon e D\nnew 6 a x.par y.mad e D +12ms')).toEqual([
    '2: b 1.0 > x 1.0',
    '3: c 1.0 > y 1.0',
  ]);
});

test('load balancing shows as shares, and rare devices stay out', () => {
  const [first = ''] = sharesIn(
    'usual 200 a {b.fra:60|c.fra:38|d.fra:2} e.lon f D\nnew 6 a x.par y.mad f D +12ms',
  );
  expect(first).toMatch(/^2: b 0\.[5-7]\+c 0\.[3-4] > x 1\.0$/);
});

test('the destination at another ttl has no name', () => {
  const shares = sharesIn('usual 60 a b.fra c.lon e D\nnew 6 a x.par D -9ms');
  expect(shares).toContain('3: c 1.0 > D 1.0');
});
