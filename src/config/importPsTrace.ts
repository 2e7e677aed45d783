import { ExpectedError } from '../lib/errors.ts';

/** The settings of psTrace's `config.ini` as text of this program's configuration, and warnings. */
export interface PsTraceImport {
  readonly toml: string;
  readonly warnings: readonly string[];
}

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
 * Imports `ALERTS`, `TO`, `FROM`, `SUBJECT` and `SMTP_SERVER` under `[EMAIL]` of psTrace's
 * `config.ini`. Throws an `ExpectedError` of kind `misconfigured` if the file lacks the section or
 * its recipients.
 */
export function importPsTrace(ini: string, file: string): PsTraceImport {
  const sections = parseIni(ini);
  const email = sections.get('email');
  if (email === undefined) throw importError(file, `${file} has no section [EMAIL]`);
  const to = (email.get('to') ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  if (to.length === 0) throw importError(file, `${file} has no recipients (TO under [EMAIL])`);
  const { server, port } = serverOf(email.get('smtp_server') ?? 'localhost');
  const enabled = Number(email.get('alerts') ?? 0) !== 0;
  const subject = email.get('subject');
  const warnings = warningsFor(sections);
  if (!enabled) warnings.push('ALERTS is 0: remove the # in front of the recipient to get mails');
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
    remedy: 'Use the config.ini of a psTrace installation.',
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
