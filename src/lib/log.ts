import { ForeignText } from '../model/run/foreignText.ts';
import { createSecretFilter } from './secrets.ts';
import { cleanText, redactPasswords } from './text.ts';

/** In ascending order of detail. Each level includes the previous ones. */
const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Details of a message, printed as `name=value` or as members of the JSON object. */
type LogFields = Readonly<Record<string, unknown>>;

/** The log of the program. Nothing else writes to stderr. */
export interface Log {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** Strikes this secret out of all further messages, in any usual notation. */
  hide(secret: string): void;
}

/** `stream` is stderr; `now` returns the time of a JSON line in milliseconds. */
export interface LogOptions {
  readonly level: LogLevel;
  readonly json: boolean;
  readonly stream: { write(text: string): unknown };
  readonly now?: () => number;
}

/**
 * Creates a log that prints one line per message: text (`pstrace: warning: …`) or a JSON object. It
 * escapes control and bidi characters, so that text of an archive cannot control a terminal or
 * forge a line, and removes passwords from URLs and the secrets that it knows.
 */
export function createLog(options: LogOptions): Log {
  const maxLevel = logLevels.indexOf(options.level);
  const now = options.now ?? Date.now;
  const secrets = createSecretFilter();
  const methodFor = (level: LogLevel) => {
    if (logLevels.indexOf(level) > maxLevel) return () => {};
    return (message: string, fields: LogFields = {}) => {
      const printable = printableFields(fields, secrets.strike);
      const line = options.json
        ? JSON.stringify({ time: new Date(now()).toISOString(), level, message, ...printable })
        : textLine(level, message, printable);
      options.stream.write(`${escapeControls(redactPasswords(secrets.strike(line)))}\n`);
    };
  };
  return {
    error: methodFor('error'),
    warn: methodFor('warn'),
    info: methodFor('info'),
    debug: methodFor('debug'),
    hide: secrets.add,
  };
}

/** Longest quotation of another party, characters. */
const maxQuoteLength = 300;

/** The field for what another party said; none if it said nothing. */
export function detailFields({ detail }: { readonly detail?: ForeignText | null }): LogFields {
  return detail ? { detail } : {};
}

/** Fields as they are printed: errors as their messages, words of another party cleaned and cut. */
function printableFields(fields: LogFields, strike: (text: string) => string): LogFields {
  const printable = (value: unknown): unknown => {
    if (value instanceof ForeignText)
      return cleanText(strike(value.reveal()), maxQuoteLength) ?? '';
    if (value instanceof Error) return value.message;
    return typeof value === 'bigint' ? String(value) : value;
  };
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, printable(value)]),
  );
}

const levelPrefixes: Readonly<Record<LogLevel, string>> = {
  error: 'error: ',
  warn: 'warning: ',
  info: '',
  debug: 'debug: ',
};

function textLine(level: LogLevel, message: string, fields: LogFields): string {
  const fieldTexts = Object.entries(fields).map(([name, value]) => ` ${name}=${fieldText(value)}`);
  return `pstrace: ${levelPrefixes[level]}${message}${fieldTexts.join('')}`;
}

function fieldText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return /[\s"=]/.test(text) && typeof value === 'string' ? JSON.stringify(text) : text;
}

/**
 * Escapes C0 and C1 controls, line separators and bidi controls as `\uXXXX`, which a JSON parser
 * converts back.
 */
function escapeControls(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be found
    /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
