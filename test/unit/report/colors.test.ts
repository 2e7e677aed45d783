import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { states } from '../../../src/model/site/analysis.ts';

const css = readFileSync(new URL('../../../templates/assets/tokens.css', import.meta.url), 'utf8');

/** Both sides of every `--name: light-dark(#rrggbb, #rrggbb)`. */
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\(#(\w{6}), #(\w{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, [light, dark] as const],
  ),
);

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrasts(text: string, ground: string): readonly number[] {
  return [0, 1].map((side) => {
    const [a, b] = [text, ground].map((name) => luminance(tokens.get(name)?.[side] ?? ''));
    const [high, low] = [Math.max(a ?? 0, b ?? 0), Math.min(a ?? 0, b ?? 0)];
    return (high + 0.05) / (low + 0.05);
  });
}

describe('text has a contrast of 4.5:1 in light and dark', () => {
  it.each([
    ...states.map((state) => [`${state}-text`, state]),
    ...['text', 'muted', 'link'].flatMap((text) =>
      ['page', 'surface', 'raised', 'highlight', 'mark'].map((ground) => [text, ground]),
    ),
    ...['step-1', 'step-2', 'step-3', 'step-4'].map((step) => ['step-text', step]),
    ['step-text-5', 'step-5'],
  ])('%s on %s', (text, ground) => {
    for (const contrast of contrasts(text, ground)) expect(contrast).toBeGreaterThanOrEqual(4.5);
  });
});

it('meaningful lines have a contrast of 3:1', () => {
  for (const line of ['ok-line', 'bad-line', 'warn-line', 'focus']) {
    for (const contrast of contrasts(line, 'surface')) expect(contrast).toBeGreaterThanOrEqual(3);
  }
});
