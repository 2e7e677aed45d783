import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stateOfClass } from '../src/analysis/window/testState.ts';
import { parseConfig } from '../src/config/load.ts';
import { changeClasses } from '../src/model/change/change.ts';
import { states } from '../src/model/site/analysis.ts';
import { renderWebhookBody } from '../src/notify/channels/webhook/webhookBody.ts';
import { prometheusText } from '../src/notify/monitoring/prometheus.ts';
import { stateTexts } from '../src/report/stateText.ts';
import { siteFolder } from './golden/goldenRun.ts';
import { codeBlocksIn, sectionOf, tablesIn } from './helpers/markdown.ts';
import { summaryOf } from './helpers/notify/samples.ts';

const root = join(import.meta.dirname, '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');

/** Rows of the only table of a file under a header row that begins with `head`. */
function table(file: string, head: string): string[][] {
  const tables = tablesIn(read(file), head);
  expect(tables, `tables headed ${head} in ${file}`).toHaveLength(1);
  return tables.flat();
}

/** Keys of the sample configuration with their defaults, in order. */
function sampleKeys(): string[][] {
  let section = '';
  return read('conf/pstrace.example.toml')
    .split('\n')
    .flatMap((line) => {
      const [, name] = /^#?\[+(\w+)\]+$/.exec(line) ?? [];
      if (name !== undefined) section = `${name}.`;
      const [, key, value = ''] = /^#(\w+) = (.+)$/.exec(line) ?? [];
      return key === undefined ? [] : [[section + key, value]];
    });
}

const withoutDefault = [
  'archive.url',
  'group.name',
  'group.tests',
  'maintenance.reason',
  'maintenance.weekly',
  'recipient.name',
  'recipient.to',
];

/** States with glyph or without, and their meanings in the words of the pages. */
function expectStates(rows: readonly (readonly string[])[], withGlyph: boolean): void {
  const expected = stateTexts.map(({ glyph, word, meaning }) => [
    withGlyph ? `${glyph} ${word}` : word,
    meaning.toLowerCase(),
  ]);
  expect(rows.map(([state, meaning]) => [state, `${meaning}.`.toLowerCase()])).toEqual(expected);
}

describe('the README', () => {
  test('is at most 160 lines long', () => {
    expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(160);
  });

  test('lists every state that a test can have, in the words of the pages', () => {
    expectStates(table('README.md', 'State'), true);
  });

  test('has a valid example of alerts', () => {
    const [example = ''] = codeBlocksIn(sectionOf(read('README.md'), 'Alerts'), 'toml');
    const { config, faults } = parseConfig(example, 'README.md', '/');
    expect(faults).toBeNull();
    expect(config?.alerts?.recipients).toMatchObject([{ to: ['noc@example.org'] }]);
  });
});

describe('docs/states.md', () => {
  test('leads from each class of change to the state of the code', () => {
    const rows = table('docs/states.md', 'Open change').map(([open, state]) => [open, state]);
    expect(Object.fromEntries(rows)).toEqual(stateOfClass);
  });

  test('lists every state in order, in the table and in the diagram', () => {
    expect(table('docs/states.md', 'State').map(([state]) => state)).toEqual(states);
    const diagram = read('docs/states.md').split('```mermaid')[1] ?? '';
    for (const state of states) expect(diagram).toMatch(new RegExp(`--> ${state}:`));
  });
});

describe('the docs', () => {
  test('list every key of the configuration with its default', () => {
    const documented = tablesIn(read('docs/configuration.md'), 'Key')
      .flat()
      .map(([key, value]) => [key, value]);
    // For a key without default the sample shows an example.
    const expected = sampleKeys().map(([key = '', value]) => [
      key,
      withoutDefault.includes(key) ? '' : value,
    ]);
    expect(documented).toEqual(expected);
  });

  test('list every state in docs/data.md too', () => {
    expectStates(table('docs/data.md', 'State'), false);
  });

  test('list every class of changes with its meaning, its severity, and its value in the data', () => {
    const meanings = table('docs/glossary.md', 'Class').map(([name]) => name);
    expect(meanings).toEqual([...changeClasses]);
    const severities = table('docs/alerts.md', 'Class').flatMap(([names = '']) =>
      names.replaceAll('`', '').split(', '),
    );
    expect(severities.sort()).toEqual([...changeClasses].sort());
    const [values = ''] = /^\| `class` \| .*$/m.exec(read('docs/data.md')) ?? [];
    expect([...values.matchAll(/`(\w+)`/g)].slice(1).map(([, name]) => name)).toEqual([
      ...changeClasses,
    ]);
  });

  test('list every page at the top of a site and of a test, and every folder', () => {
    const paths = table('docs/publishing.md', 'Path').map((cells) => cells.join(' '));
    const isDocumented = (path: string) =>
      paths.some(
        (cells) => cells.replace('`', '').startsWith(path) || cells.includes(`\`${path}\``),
      );
    const top = readdirSync(siteFolder, { withFileTypes: true });
    const names = top.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
    const [test = ''] = readdirSync(join(siteFolder, 'tests'));
    const own = readdirSync(join(siteFolder, 'tests', test)).map((name) => `tests/<id>/${name}`);
    expect([...names, ...own].filter((path) => !isDocumented(path))).toEqual([]);
  });

  test('list every data file', () => {
    const described = read('docs/data.md');
    const made = readdirSync(join(siteFolder, 'data')).filter((name) => name.includes('.'));
    expect(made.filter((name) => !described.includes(`\`data/${name}\``))).toEqual([]);
  });

  test('list every metric for Prometheus with its type', () => {
    const text = prometheusText({
      now: 0,
      tests: [summaryOf()],
      routeChanges: new Map(),
      incidents: [],
      run: { outcome: 'ok', durationSeconds: 1 },
      messages: { sent: 0, waiting: 0, givenUp: 0 },
    });
    const metrics = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => [
      name,
      type,
    ]);
    expect(metrics.length).toBeGreaterThan(5);
    const documented = table('docs/monitoring.md', 'Metric').map(([name, type]) => [name, type]);
    expect(documented).toEqual(metrics);
  });

  test('have a template for webhooks that renders JSON', () => {
    const [source = ''] = codeBlocksIn(read('docs/alerts.md'), 'nunjucks');
    const message = { kind: 'test', severity: 'info', subject: '"', headline: '' } as const;
    const rest = { facts: [], blocks: [], lines: [], more: 0, links: [], footer: '' };
    const format = { kind: 'template', source } as const;
    const body = renderWebhookBody({ ...message, ...rest }, null, format, { title: '', now: 0 });
    expect(JSON.parse(body)).toEqual({ text: '"' });
  });

  test('have only TOML that the configuration accepts', () => {
    const files = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
    const examples = files.flatMap((name) => codeBlocksIn(read(`docs/${name}`), 'toml'));
    expect(examples.length).toBeGreaterThan(3);
    expect(examples.map((example) => parseConfig(example, 'docs', '/').faults)).toEqual(
      examples.map(() => null),
    );
  });
});
