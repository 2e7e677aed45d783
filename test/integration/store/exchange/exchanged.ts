import { onTestFinished } from 'vitest';
import type { TextLine } from '../../../../src/lib/lines.ts';
import type { ImportSummary, SkippedLine } from '../../../../src/store/exchange/importRecords.ts';
import { openForAdmin, openStore } from '../../../../src/store/open.ts';
import type { Store } from '../../../../src/store/store.ts';
import { midnight } from '../samples.ts';

/** The store of a state folder; closes when the test has finished. */
export function storeIn(dir: string): Store {
  const store = openStore(dir, midnight);
  onTestFinished(() => store.close());
  return store;
}

/** The lines of an export of a state folder, and the reported damage. */
export function exported(dir: string): { lines: string[]; damage: string[] } {
  const admin = openForAdmin(dir, midnight, 'read');
  const damage: string[] = [];
  try {
    const records = admin.records((message) => damage.push(message));
    return { lines: Array.from(records, (record) => JSON.stringify(record)), damage };
  } finally {
    admin.close();
  }
}

/** Imports lines into a state folder, some at a time; null is an unreadable line. */
export function imported(
  dir: string,
  lines: readonly (string | null)[],
  atATime = 7,
): ImportSummary & { skipped: SkippedLine[] } {
  const admin = openForAdmin(dir, midnight, 'write');
  const importer = admin.import();
  const skipped: SkippedLine[] = [];
  try {
    for (let from = 0; from < lines.length; from += atATime) {
      const some = lines.slice(from, from + atATime);
      const numbered = some.map((text, index): TextLine => ({ number: from + index + 1, text }));
      skipped.push(...importer.importLines(numbered));
    }
    return { ...importer.summary(), skipped };
  } finally {
    admin.close();
  }
}
