import { ExpectedError } from '../lib/errors.ts';
import type { TomlTable } from '../lib/strictToml.ts';

/** The mail settings of psTrace as text of this program's configuration, and warnings. */
export interface PsTraceImport {
  readonly toml: string;
  readonly warnings: readonly string[];
}

/** Name of the imported recipient. */
const importedName = 'imported';

/** Keys under `[EMAIL]` with an equivalent here. */
const supportedKeys = ['alerts', 'to', 'from', 'subject', 'smtp_server'];

/** Keys of psTrace without an equivalent here, and the reason. */
const obsolete: readonly (readonly [section: string, key: string, why: string])[] = [
  [
    'route_comparison',
    'threshold',
    'the class of a change decides about notifications, not the share of different hops; see alert_from under [[recipient]]',
  ],
  ['perfsonar', 'max_time_between_tests', 'pstrace learns the interval of a test from its results'],
];

/**
 * Imports the mail settings of psTrace: `ALERTS`, `TO`, `FROM`, `SUBJECT` and `SMTP_SERVER` under
 * `[EMAIL]` of `config.ini`, or the assignments of the older `email_configuration.py`. Leaves out
 * tables that `target` has, the content of the file to which the result will be appended, as TOML
 * has each table once. Throws an `ExpectedError` of kind `misconfigured` if the file lacks the
 * section or its recipients.
 */
export function importPsTrace(source: string, file: string, target: TomlTable): PsTraceImport {
  const sections = isPython(source) ? parsePython(source) : parseIni(source);
  const email = sections.get('email');
  if (email === undefined) throw importError(file, `${file} has no section [EMAIL]`);
  const enabled = Number(email.get('alerts') ?? 0) !== 0;
  const warnings = warningsFor(sections);
  if (!enabled) warnings.push('ALERTS is 0: remove the # in front of the recipient to get mails');
  const tables = tablesOf(email, enabled, file);
  const known = tables.filter(({ name }) => isIn(target, name));
  for (const { name } of known) {
    warnings.push(`the file already has ${name} settings; those of psTrace are left out`);
  }
  const added = tables.filter((table) => !known.includes(table));
  const head = `# From ${file.replaceAll(/[^ -~]/g, '?')} of psTrace.`;
  const toml = added.map(({ lines }) => `${lines.join('\n')}\n`).join('\n');
  return { toml: added.length === 0 ? '' : `${head}\n${toml}`, warnings };
}

/** The name of a table at the top, and all its lines. */
interface ImportedTable {
  readonly name: string;
  readonly lines: readonly string[];
}

function tablesOf(
  email: ReadonlyMap<string, string>,
  enabled: boolean,
  file: string,
): ImportedTable[] {
  const to = (email.get('to') ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  if (to.length === 0) throw importError(file, `${file} has no recipients (TO under [EMAIL])`);
  const { server, port } = serverOf(email.get('smtp_server') ?? 'localhost');
  const subject = email.get('subject');
  const alerts = ['[alerts]', `prefix = ${tomlText(`[${subject}]`)}`];
  const recipient = ['[[recipient]]', `name = ${tomlText(importedName)}`, `to = ${tomlList(to)}`];
  const mail = [
    '[email]',
    `server = ${tomlText(server)}`,
    ...(port === null ? [] : [`port = ${port}`]),
    `from = ${tomlText(email.get('from') ?? 'pstrace@localhost')}`,
  ];
  return [
    ...(subject === undefined ? [] : [{ name: 'alerts', lines: alerts }]),
    ...(enabled
      ? [
          { name: 'email', lines: mail },
          { name: 'recipient', lines: recipient },
        ]
      : [{ name: 'email', lines: [...mail, '', ...recipient.map((line) => `#${line}`)] }]),
  ];
}

/** Whether a table with content, or the imported one of a list of tables, is in a file. */
function isIn(target: TomlTable, name: string): boolean {
  const value = target[name] ?? {};
  if (Array.isArray(value)) return value.some((each) => each?.name === importedName);
  return Object.keys(value).length > 0;
}

/** A warning for every key that is not imported. */
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
        (key) =>
          `${key.toUpperCase()} under [${section.toUpperCase()}] is unknown and not imported`,
      ),
  );
  return [...obsoleteWarnings, ...unknownWarnings];
}

function importError(subject: string, message: string): ExpectedError {
  return new ExpectedError({
    kind: 'misconfigured',
    subject,
    message,
    remedy: 'Use the config.ini or the email_configuration.py of a psTrace installation.',
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

/** The assignments of `email_configuration.py`, and the keys of `config.ini` that mean the same. */
const pythonKeys: readonly (readonly [name: string, key: string])[] = [
  ['ENABLE_EMAIL_ALERTS', 'alerts'],
  ['EMAIL_TO', 'to'],
  ['EMAIL_FROM', 'from'],
  ['EMAIL_SUBJECT', 'subject'],
  ['EMAIL_SERVER', 'smtp_server'],
];

function isPython(source: string): boolean {
  return /^EMAIL_TO\s*=/m.test(source);
}

/**
 * The assignments of `email_configuration.py` as the section of `config.ini`. The oldest of these
 * files lack `ENABLE_EMAIL_ALERTS`: their alerts were always on.
 */
function parsePython(source: string): Map<string, Map<string, string>> {
  const email = new Map([['alerts', '1']]);
  for (const [name, key] of pythonKeys) {
    const assignment = new RegExp(
      `^${name}\\s*=\\s*(\\[[^\\]]*\\]|"[^"\\n]*"|'[^'\\n]*'|[^#\\r\\n]*)`,
      'm',
    ).exec(source);
    if (assignment !== null) email.set(key, pythonValue(assignment[1] ?? ''));
  }
  return new Map([['email', email]]);
}

/** The strings of an expression, joined by commas; of one without strings, its text. */
function pythonValue(expression: string): string {
  const strings = [...expression.matchAll(/"([^"\n]*)"|'([^'\n]*)'/g)];
  if (strings.length === 0) return /^[[(]/.test(expression) ? '' : expression.trim();
  return strings.map(([, double, single]) => double ?? single ?? '').join(', ');
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
