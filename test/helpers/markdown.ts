/** A fenced block of code; in a list, its marks are indented. */
const fence = /^( *)```.*\n([\s\S]*?)^\1```$/gm;

/**
 * Rows of every table whose header row begins with `head`; cells are trimmed and lose code marks
 * around them.
 */
export function tablesIn(markdown: string, head: string): string[][][] {
  const begins = [...markdown.matchAll(new RegExp(`^\\| ${head} \\|.*\\n\\|[-|]*\\n`, 'gm'))];
  return begins.map((begin) => {
    const [rows = ''] = /^(\|.*\n)*/.exec(markdown.slice(begin.index + begin[0].length)) ?? [];
    return rows.split('\n').slice(0, -1).map(cellsOf);
  });
}

function cellsOf(row: string): string[] {
  return row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) =>
      cell
        .trim()
        .replace(/^`([^`]*)`$/, '$1')
        .replaceAll('\\|', '|'),
    );
}

/** Lines of code: lines in fences, and text between backticks, which may contain line breaks. */
export function codeLinesIn(markdown: string): string[] {
  const fenced = [...markdown.matchAll(fence)].flatMap(([, , code = '']) => code.split('\n'));
  const inline = withoutFences(markdown).matchAll(/`([^`]+)`/g);
  return [...fenced, ...[...inline].map(([, code = '']) => code.replaceAll('\n', ' '))];
}

/** Blocks of code in a language, such as `toml`. */
export function codeBlocksIn(markdown: string, language: string): string[] {
  return [...markdown.matchAll(fence)]
    .filter(([block]) => block.trimStart().startsWith(`\`\`\`${language}\n`))
    .map(([, , code = '']) => code);
}

/** Targets of all links and images, including those of HTML elements. */
export function linksIn(markdown: string): string[] {
  const prose = withoutCode(markdown);
  const links = [
    ...prose.matchAll(/\]\(([^)\s]+)\)/g),
    ...prose.matchAll(/ (?:src|srcset|href)="([^"]+)"/g),
  ];
  return links.map(([, target = '']) => target);
}

/** Anchors of the headings, as GitHub makes them. */
export function anchorsIn(markdown: string): string[] {
  const seen = new Map<string, number>();
  return headingsIn(markdown).map((heading) => {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
}

/** Texts of the headings. */
export function headingsIn(markdown: string): string[] {
  return [...withoutFences(markdown).matchAll(/^#+ (.+)$/gm)].map(([, text = '']) => text);
}

/**
 * The text below a heading, up to the next one of its level or above; '' if the heading is missing.
 */
export function sectionOf(markdown: string, heading: string): string {
  const lines = markdown.split('\n');
  const begin = lines.findIndex((line) => line.replace(/^#+ /, '') === heading && line !== heading);
  const [marks = ''] = /^#+/.exec(lines[begin] ?? '') ?? [];
  const rest = begin === -1 ? [] : lines.slice(begin + 1);
  const end = rest.findIndex((line) => /^#+ /.test(line) && line.indexOf(' ') <= marks.length);
  return (end === -1 ? rest : rest.slice(0, end)).join('\n');
}

/** Lines of sentences: no code, no tables, no HTML, no headings. */
export function proseLinesIn(markdown: string): string[] {
  return withoutFences(markdown)
    .split('\n')
    .filter((line) => !/^(\||#| {4}| *<)/.test(line));
}

function withoutCode(markdown: string): string {
  return withoutFences(markdown).replaceAll(/`[^`]+`/g, '');
}

function withoutFences(markdown: string): string {
  return markdown.replaceAll(fence, '');
}
