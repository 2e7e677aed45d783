import axe from 'axe-core';
import { expect, test } from 'vitest';
import { openDemo } from './demoBrowser.ts';

const { pageOf, statesOfPages, visit } = openDemo();
const changed = pageOf('changed');

const paths = [
  ...['index.html', 'index.html#view=list', 'index.html#metric=rtt&halves=reverse'],
  ...['index.html#fold=Nordic|>Europe', 'changes.html', 'compare.html'],
  ...['topology.html', 'strips.html', 'hotspots.html', 'status.html'],
  ...statesOfPages.map(pageOf),
  changed.replace('index.html', 'history.html'),
  changed.replace('index.html', 'compare.html'),
];

/** The rules that look at colors. Dark pages differ from light ones in nothing else. */
const colorRules = ['color-contrast', 'link-in-text-block'];

const standard = { preload: false, resultTypes: ['violations'] };

/**
 * Runs in the page: rules of axe, as `rule: selector`; without options all. It must not load the
 * style sheets again, because the pages forbid it.
 */
const findings = (
  options: object,
) => `axe.run(document, ${JSON.stringify({ ...standard, ...options })}).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ target, failureSummary }) =>
    id + ': ' + target.join(' ') + ' ' + (failureSummary ?? '').split('\\n')[1])))`;

/** What axe finds on every path. */
async function findingsOf(axeOptions: object, tabOptions: object): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    await visit(
      path,
      async (tab) => {
        await tab.evaluate(axe.source);
        const each = await tab.evaluate<string[]>(findings(axeOptions));
        found.push(...each.map((finding) => `${path}: ${finding}`));
      },
      tabOptions,
    );
  }
  return found;
}

test.each([
  ['light', {}],
  ['dark', process.env.PSTRACE_FAULTS === 'long' ? {} : { runOnly: colorRules }],
] as const)(
  'axe finds nothing on any kind of page, %s',
  async (colorScheme, options) => {
    expect(await findingsOf(options, { colorScheme })).toEqual([]);
  },
  120_000,
);

test('every target on a phone is large enough to hit', async () => {
  const phone = { viewport: { width: 390, height: 844 } };
  expect(await findingsOf({ runOnly: ['target-size'] }, phone)).toEqual([]);
}, 120_000);
