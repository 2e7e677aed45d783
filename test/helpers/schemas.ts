import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

const folder = join(import.meta.dirname, '../../schemas');
const ajv = new Ajv2020({ allErrors: true });

function schema(name: string): ValidateFunction {
  return ajv.compile(JSON.parse(readFileSync(join(folder, `${name}.schema.json`), 'utf8')));
}

/** The schemas of the files of a site. */
const schemas: readonly (readonly [path: RegExp, valid: ValidateFunction])[] = [
  [/^data\/matrix\.json$/, schema('matrix')],
  [/^data\/tests\/[^/]+\.json$/, schema('test')],
  [/^data\/status\.json$/, schema('status')],
  [/^data\/topology\.json$/, schema('topology')],
  [/^data\/incidents\.json$/, schema('incidents')],
  [/^data\/changes\.ndjson$/, schema('change')],
];

/**
 * Faults of the JSON files of a site, one line each, including missing files and files without a
 * schema.
 */
export function schemaFaults(files: ReadonlyMap<string, Buffer>): string[] {
  const paths = [...files.keys()].filter((path) => /\.(nd)?json$/.test(path));
  const missing = schemas
    .filter(([pattern]) => !paths.some((path) => pattern.test(path)))
    .map(([pattern]) => `no file ${pattern.source}`);
  return [...missing, ...paths.flatMap((path) => fileFaults(path, files.get(path)))];
}

function fileFaults(path: string, bytes: Buffer | undefined): string[] {
  const [, valid] = schemas.find(([pattern]) => pattern.test(path)) ?? [];
  if (valid === undefined) return [`${path}: no schema describes it`];
  const whole = String(bytes);
  const values = path.endsWith('.ndjson') ? whole.split('\n').filter(Boolean) : [whole];
  return values.flatMap((value) =>
    valid(JSON.parse(value)) ? [] : [`${path}: ${ajv.errorsText(valid.errors)}`],
  );
}
