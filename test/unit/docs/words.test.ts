import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const texts = [
  'src/**/*.ts',
  'templates/**/*.{njk,css,js}',
  'conf/**/*',
  'schemas/*.json',
  'docs/*.md',
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
];

/** Words that pstrace no longer uses (regular expressions), and the word to use instead. */
const replacements: Readonly<Record<string, string>> = {
  'regimes?': 'baseline',
  'sightings?': 'observation',
  'twins?': 'duplicate',
  'ripe|ripen|ripens|ripening': 'reassess',
  'tell|tells|teller|told': 'notify, report, show',
  'heard|hearing': 'filter for a recipient',
  '(?:take|takes|taken|took|taking) in': 'ingest, import, process',
  restless: 'flapping',
  'detours?': 'temporary route',
  'doors?': 'ingress interface',
  'movers?': 'change contributors',
  'courses?': 'status, daily timeline',
  'episodes?': 'pending alert',
  '(?:un)?settle[ds]?': 'finalized, finished',
  'gather(?:s|ed|ing)?': 'record, batch, collect',
  lateness: 'late arrivals',
  'distrusts?': 'clamp',
  'forget|forgets|forgotten|forgot': 'prune, expire, delete',
  tentatively: 'rolled back',
  'newcomers?': 'new entry',
  'stor(?:y|ies)': 'scenario',
  'restates?': 'refresh',
  crew: 'scheduler',
  'refusals?': 'usage error',
  patiently: 'with retries',
  'period seconds': 'window',
  nobody: 'name the subject',
  whoever: 'name the subject',
  'of which': 'start a new sentence',
  'what is': 'name the thing',
  'well again': 'recovered',
  'for ever': 'permanently',
};

const renamed = 'maps an old name of a stored field to the new one';
/** Files that have to use an old word, with the words. */
const allowances: Readonly<Record<string, { readonly words: string; readonly why: string }>> = {
  'src/store/db/renamedFields.ts': { words: 'course', why: renamed },
  'src/store/exchange/upgradeRecord.ts': { words: 'tells|settled|forgotten', why: renamed },
  'src/analysis/detection/renameStateFields.ts': {
    words: 'regimes?|sightings?|doors|detours|told|episode',
    why: renamed,
  },
  'src/store/db/migrations.ts': {
    words: 'told|tells|settled|forgotten|nobody|of which|what is|for ever|taken in',
    why: 'a released migration never changes',
  },
  'docs/commands.md': { words: 'forget', why: 'names the command' },
  'src/cli/commands/tests.ts': { words: 'forget', why: 'names the command' },
  'docs/formats.md': { words: 'ripe', why: 'names RIPE' },
  'src/sources/results/atlasResult.ts': { words: 'ripe', why: 'names RIPE' },
  'src/sources/mtr/runDocument.ts': { words: 'ripe', why: 'names RIPE' },
  'docs/data.md': { words: 'course', why: 'lists the fields of the earlier version' },
};

const wordsOf = (expression: string): RegExp => new RegExp(`\\b(?:${expression})\\b`, 'g');
const oldWords = Object.entries(replacements).map(
  ([expression, instead]) => [wordsOf(expression), instead] as const,
);

/** Lower case; identifiers as separate words, and phrases across lines of a comment as one line. */
function normalize(text: string): string {
  return text
    .replace(/\n\s*(?:\*|\/\/|#|--)?\s*/g, ' ')
    .replace(/([a-z\d])(?=[A-Z])/g, '$1 ')
    .replaceAll('_', ' ')
    .toLowerCase();
}

/** The old words in a text, each with its surroundings. */
function findOldWords(text: string): { readonly word: string; readonly report: string }[] {
  const normal = normalize(text);
  return oldWords.flatMap(([pattern, instead]) =>
    [...normal.matchAll(pattern)].map(({ 0: word, index }) => ({
      word,
      report: `…${normal.slice(Math.max(0, index - 30), index + 30)}…: "${word}" → ${instead}`,
    })),
  );
}

const isAllowed = (file: string, word: string): boolean =>
  file in allowances && new RegExp(`^(?:${allowances[file]?.words})$`).test(word);

const files = globSync(texts, { cwd: root, exclude: ['**/*.mmdb'] }).filter((file) =>
  /\.\w+$/.test(file),
);

test('an old word is found in identifiers, comments and phrases across lines', () => {
  const words = (text: string) => findOldWords(text).map(({ word }) => word);
  expect(words('const nextRegime = 1;')).toEqual(['regime']);
  expect(words('  settled_until INTEGER')).toEqual(['settled']);
  expect(words('/**\n * Readers, of\n * which few remain.\n */')).toEqual(['of which']);
  expect(words('Nobody is told.')).toEqual(['told', 'nobody']);
  expect(words("class Refusal extends Error { name = 'periodSeconds'; }")).toEqual([
    'refusal',
    'period seconds',
  ]);
  expect(words('The history outdoors; a recourse.')).toEqual([]);
});

test('no text uses a word that the glossary replaced', () => {
  expect(files.length).toBeGreaterThan(600);
  const found = files.flatMap((file) =>
    findOldWords(readFileSync(join(root, file), 'utf8'))
      .filter(({ word }) => !isAllowed(file, word))
      .map(({ report }) => `${file}: ${report}`),
  );
  expect(found).toEqual([]);
});

test.each(Object.keys(allowances))('%s needs each of its allowances', (file) => {
  const used = findOldWords(readFileSync(join(root, file), 'utf8')).map(({ word }) => word);
  const words = allowances[file]?.words.split('|') ?? [];
  expect(words.filter((word) => !used.some((one) => new RegExp(`^${word}$`).test(one)))).toEqual(
    [],
  );
});

const comments = globSync('src/**/*.ts', { cwd: root }).flatMap((file) =>
  readFileSync(join(root, file), 'utf8')
    .split('\n')
    .filter((line) => /^\s*(?:\/\/|\/?\*)/.test(line))
    .map((line) => ({ file, line })),
);

test('comments of the source fit into 100 columns', () => {
  expect(comments.length).toBeGreaterThan(5000);
  expect(comments.filter(({ line }) => line.length > 100)).toEqual([]);
});

test('doc comments name their subject instead of beginning with What', () => {
  expect(comments.filter(({ line }) => /^\s*(?:\/\*\*|\*) What\b/.test(line))).toEqual([]);
});
