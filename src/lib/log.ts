import { redactPasswords } from './text.ts';

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
 * forge a line, and removes passwords from URLs.
 */
export function createLog(options: LogOptions): Log {
  const maxLevel = logLevels.indexOf(options.level);
  const now = options.now ?? Date.now;
  const methodFor = (level: LogLevel) => {
    if (logLevels.indexOf(level) > maxLevel) return () => {};
    return (message: string, fields: LogFields = {}) => {
      const line = options.json
        ? JSON.stringify({
            time: new Date(now()).toISOString(),
            level,
            message,
            ...printableFields(fields),
          })
        : textLine(level, message, fields);
      options.stream.write(`${escapeControls(redactPasswords(line))}\n`);
    };
  };
  return {
    error: methodFor('error'),
    warn: methodFor('warn'),
    info: methodFor('info'),
    debug: methodFor('debug'),
  };
}

/** Replaces errors by their messages; `JSON.stringify` would print `{}`. */
function printableFields(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, printableValue(value)]),
  );
}

function printableValue(value: unknown): unknown {
  if (value instanceof Error) return value.message;
  return typeof value === 'bigint' ? String(value) : value;
}

const levelPrefixes: Readonly<Record<LogLevel, string>> = {
  error: 'error: ',
  warn: 'warning: ',
  info: '',
  debug: 'debug: ',
};

function textLine(level: LogLevel, message: string, fields: LogFields): string {
  const fieldTexts = Object.entries(printableFields(fields)).map(
    ([name, value]) => ` ${name}=${fieldText(value)}`,
  );
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
