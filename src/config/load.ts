import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser';
import type { ErrorFacts } from '../lib/errors.ts';
import { explain } from './explain.ts';
import { positionsOf } from './positions.ts';
import { type FileConfig, fileSchema } from './schema.ts';

/** One `[[archive]]`; `caFile` is absolute, null for the system's own authorities. */
export interface ArchiveConfig {
  readonly url: string;
  readonly caFile: string | null;
  readonly insecure: boolean;
  /** null: that of `[http]`. */
  readonly concurrency: number | null;
}

/** The configuration with every value present; paths absolute. */
export interface Config {
  readonly archives: readonly ArchiveConfig[];
  readonly periodSeconds: number;
  readonly out: string;
  readonly state: string;
  readonly concurrency: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly maxAnswerBytes: number;
  readonly overlapSeconds: number;
  readonly title: string;
}

/** A configuration, or everything that is wrong with its file. */
export type Loaded =
  | { readonly config: Config; readonly faults: null }
  | { readonly config: null; readonly faults: readonly ErrorFacts[] };

/**
 * Reads the configuration file. `root` is the folder of pstrace, where `html/` and `var/` are by default;
 * paths within the file are relative to the folder of the file. A file that is not there gives the defaults,
 * unless `mustExist`.
 */
export function loadConfig(file: string, root: string, mustExist: boolean): Loaded {
  try {
    return parseConfig(readFileSync(file, 'utf8'), file, root);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    if (code === 'ENOENT' && !mustExist) return parseConfig('', file, root);
    return refused([fault(file, `${file}: cannot be read (${code})`)]);
  }
}

/** As `loadConfig`, for the text of a file. */
export function parseConfig(source: string, file: string, root: string): Loaded {
  try {
    const program = parseTOML(source.replace(/^\ufeff/, ''), { tomlVersion: '1.0.0' });
    const value = getStaticTOMLValue(program);
    const parsed = fileSchema.safeParse(value);
    if (parsed.success) return { config: complete(parsed.data, dirname(file), root), faults: null };
    const { lineOf } = positionsOf(program);
    const found = explain(parsed.error, value).map((each) => ({
      line: lineOf(each.path),
      message: each.message,
    }));
    found.sort((a, b) => a.line - b.line);
    return refused(found.map((each) => fault(file, `${file}:${each.line}: ${each.message}`)));
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const place = `${file}:${error.lineNumber}:${error.column + 1}`;
    return refused([fault(file, `${place}: not valid TOML: ${error.message}`)]);
  }
}

function refused(faults: readonly ErrorFacts[]): Loaded {
  return { config: null, faults };
}

function fault(subject: string, message: string): ErrorFacts {
  return { kind: 'misconfigured', subject, message, remedy: null };
}

function complete(data: FileConfig, folder: string, root: string): Config {
  return {
    archives: data.archive.map(({ ca, ...archive }) => ({
      ...archive,
      caFile: ca === '' ? null : resolve(folder, ca),
    })),
    periodSeconds: data.period,
    out: data.out === null ? join(root, 'html') : resolve(folder, data.out),
    state: data.state === null ? join(root, 'var') : resolve(folder, data.state),
    concurrency: data.http.concurrency,
    timeoutSeconds: data.http.timeout,
    retries: data.http.retries,
    maxAnswerBytes: data.http.max_answer,
    overlapSeconds: data.store.overlap,
    title: data.site.title,
  };
}
