import { atlasFormat } from './atlasResult.ts';
import { esmondFormat } from './esmondRecord.ts';
import { pschedulerFormat } from './pschedulerResult.ts';
import type { ResultFormat } from './resultFormat.ts';
import { scamperFormat } from './scamperTrace.ts';

/** The formats of results in JSON. The first one that recognizes an object reads it. */
export const resultFormats: readonly ResultFormat[] = [
  atlasFormat,
  scamperFormat,
  esmondFormat,
  pschedulerFormat,
];
