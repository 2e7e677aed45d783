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

/**
 * Runs in the page: all rules of axe, as `rule: selector`. It must not load the style sheets again,
 * because the pages forbid it.
 */
const findings = `axe.run(document, { preload: false, resultTypes: ['violations'] }).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ target, failureSummary }) =>
    id + ': ' + target.join(' ') + ' ' + (failureSummary ?? '').split('\\n')[1])))`;

test.each(['light', 'dark'] as const)(
  'axe finds nothing on any kind of page, %s',
  async (colorScheme) => {
    const found: string[] = [];
    for (const path of paths) {
      await visit(
        path,
        async (tab) => {
          await tab.evaluate(axe.source);
          for (const each of await tab.evaluate<string[]>(findings)) found.push(`${path}: ${each}`);
        },
        { colorScheme },
      );
    }
    expect(found).toEqual([]);
  },
  120_000,
);
