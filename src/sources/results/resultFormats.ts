import { atlasFormat } from './atlasResult.ts';
import { dublinFormat } from './dublinResult.ts';
import { esmondFormat } from './esmondRecord.ts';
import { globalpingFormat } from './globalpingResult.ts';
import { nextTraceFormat } from './nextTraceResult.ts';
import { pschedulerFormat } from './pschedulerResult.ts';
import type { ResultFormat } from './resultFormat.ts';
import { scamperFormat } from './scamperTrace.ts';
import { trippyFormat } from './trippyReport.ts';

/** The formats of results in JSON. The first one that recognizes an object reads it. */
export const resultFormats: readonly ResultFormat[] = [
  atlasFormat,
  scamperFormat,
  globalpingFormat,
  trippyFormat,
  nextTraceFormat,
  dublinFormat,
  esmondFormat,
  pschedulerFormat,
];
