import { redactPasswords } from './text.ts';

/** Ascending in talkativeness; a level prints itself and everything before it. */
const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Facts that go with a message; printed as `name=value`, or as members of the JSON object. */
type LogFields = Readonly<Record<string, unknown>>;

/** Where the program says what it does. Nothing else writes to stderr. */
export interface Log {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
}

/** `stream` is stderr; `now` gives the time of a JSON line in milliseconds. */
export interface LogOptions {
  readonly level: LogLevel;
  readonly json: boolean;
  readonly stream: { write(text: string): unknown };
  readonly now?: () => number;
}

/**
 * A log that prints one line a message: text for people (`pstrace: warning: …`), or one JSON object.
 * Control and bidi characters are escaped, so that what an archive sends cannot steer a terminal or forge a line;
 * passwords in URLs are left out.
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

/** Errors among the fields become their message; `JSON.stringify` alone would print `{}`. */
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
 * C0 and C1 controls, line separators and the bidi controls as `\uXXXX`. Within a JSON line the escape is
 * the same character again for whoever parses it.
 */
function escapeControls(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be found
    /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
