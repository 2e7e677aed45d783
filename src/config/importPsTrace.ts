import { ExpectedError } from '../lib/errors.ts';

/**
 * What psTrace's `config.ini` says, as text for the configuration of this program, and remarks for
 * whoever imports it.
 */
export interface PsTraceImport {
  readonly toml: string;
  readonly warnings: readonly string[];
}

/** Keys under `[EMAIL]` that have a place here. */
const supportedKeys = ['alerts', 'to', 'from', 'subject', 'smtp_server'];

/** Keys of psTrace that mean nothing here, and why. */
const obsolete: readonly (readonly [section: string, key: string, why: string])[] = [
  [
    'route_comparison',
    'threshold',
    'a change is told by what it is, not by the share of hops that differ; see severity under [[recipient]]',
  ],
  ['perfsonar', 'max_time_between_tests', 'how often a test runs is learned from its results'],
];

/**
 * Reads psTrace's `config.ini`: `[EMAIL]` with `ALERTS`, `TO`, `FROM`, `SUBJECT`, `SMTP_SERVER`.
 * Throws `ExpectedError` of kind `misconfigured` when the file has no such section or names nobody
 * to write to.
 */
export function importPsTrace(ini: string, file: string): PsTraceImport {
  const sections = parseIni(ini);
  const email = sections.get('email');
  if (email === undefined) throw importError(file, `${file} has no section [EMAIL]`);
  const to = (email.get('to') ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  if (to.length === 0)
    throw importError(file, `${file} names nobody to write to (TO under [EMAIL])`);
  const { server, port } = serverOf(email.get('smtp_server') ?? 'localhost');
  const enabled = Number(email.get('alerts') ?? 0) !== 0;
  const subject = email.get('subject');
  const warnings = warningsFor(sections);
  if (!enabled) warnings.push('ALERTS is 0 there: take the # away to get mails');
  const recipient = ['[[recipient]]', 'name = "imported"', `to = ${tomlList(to)}`];
  const lines = [
    `# From ${file.replaceAll(/[^ -~]/g, '?')} of psTrace.`,
    ...(subject === undefined ? [] : ['[alerts]', `prefix = ${tomlText(`[${subject}]`)}`, '']),
    '[email]',
    `server = ${tomlText(server)}`,
    ...(port === null ? [] : [`port = ${port}`]),
    `from = ${tomlText(email.get('from') ?? 'pstrace@localhost')}`,
    '',
    ...recipient.map((line) => (enabled ? line : `#${line}`)),
  ];
  return { toml: `${lines.join('\n')}\n`, warnings };
}

/** A sentence for every key that is not carried over. */
function warningsFor(sections: ReadonlyMap<string, ReadonlyMap<string, string>>): string[] {
  const obsoleteWarnings = obsolete.flatMap(([section, key, why]) =>
    sections.get(section)?.has(key) ? [`${key.toUpperCase()} is not needed: ${why}`] : [],
  );
  const isKnown = (section: string, key: string) =>
    (section === 'email' && supportedKeys.includes(key)) ||
    obsolete.some(([other, name]) => other === section && name === key);
  const unknownWarnings = [...sections].flatMap(([section, keys]) =>
    [...keys.keys()]
      .filter((key) => !isKnown(section, key))
      .map(
        (key) => `${key.toUpperCase()} under [${section.toUpperCase()}] is not known and left out`,
      ),
  );
  return [...obsoleteWarnings, ...unknownWarnings];
}

function importError(subject: string, message: string): ExpectedError {
  return new ExpectedError({
    kind: 'misconfigured',
    subject,
    message,
    remedy: 'Give the config.ini of a psTrace installation.',
  });
}

/**
 * Sections and keys in lower case; `=` or `:` between key and value, indented lines go on, `#` and
 * `;` begin comments.
 */
function parseIni(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | null = null;
  let key: string | null = null;
  for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    const sectionName = /^\[([^\]]+)\]/.exec(line)?.[1];
    const [, name, value = ''] = /^([^\s=:][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (sectionName !== undefined) {
      section = sections.get(sectionName.toLowerCase()) ?? new Map();
      sections.set(sectionName.toLowerCase(), section);
      key = null;
    } else if (/^\s/.test(line) && section !== null && key !== null) {
      section.set(key, `${section.get(key)} ${line.trim()}`.trim());
    } else if (name !== undefined && section !== null) {
      key = name.toLowerCase();
      section.set(key, value.replaceAll('%%', '%'));
    }
  }
  return sections;
}

function serverOf(text: string): { server: string; port: number | null } {
  const [, host, port] = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(text) ?? [];
  if (host === undefined) return { server: text, port: null };
  return { server: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

function tomlText(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f');
}

function tomlList(texts: readonly string[]): string {
  return `[${texts.map(tomlText).join(', ')}]`;
}
