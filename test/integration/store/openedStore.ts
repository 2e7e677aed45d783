import { onTestFinished } from 'vitest';
import { openStore } from '../../../src/store/open.ts';
import type { Store } from '../../../src/store/store.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { listedTest, midnight } from './samples.ts';

/** A store with some tests in a new directory; closes when the test has finished. */
export function openedStore(...testIds: string[]): Store {
  const store = openStore(tempDir(), midnight);
  onTestFinished(() => store.close());
  store.upsertTests(
    testIds.map((id) => listedTest(id)),
    midnight,
  );
  return store;
}
