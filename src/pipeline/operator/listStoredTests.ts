import type { Config } from '../../config/load.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import { loadMeshPlan } from '../collect/meshPlan.ts';
import { linkOffers, offerText } from '../identify/linkOffers.ts';
import type { KnownTest } from '../knownTests.ts';
import type { Session } from '../session.ts';
import { withStore } from '../stateLock.ts';
import { selectTests } from './selectTests.ts';
import { testLine } from './testLine.ts';

/**
 * Prints the stored tests that patterns select, one per line: id, ends and how they deliver; `all`
 * adds the retired ones. Further keys and offers to link tests follow. Throws a `UsageError`.
 */
export async function listStoredTests(
  patterns: readonly string[],
  all: boolean,
  config: Config,
  session: Session,
): Promise<ExitCode> {
  const { plan } = await loadMeshPlan(config, false, session);
  return withStore(config.state, session, 'read', async (store) => {
    const selected = selectTests(store, patterns);
    const shown = selected.filter(({ retired }) => all || retired === null);
    const lines = shown.flatMap((test) => [testLine(test, session.now), ...keyLines(test)]);
    for (const line of lines) session.print(line);
    if (shown.length === 0) session.printIfInteractive('no tests');
    const ids = new Set(shown.map(({ id }) => id));
    const offers = linkOffers(selectTests(store, []), store.responders().merged(), plan).filter(
      ({ from, into }) => ids.has(from.id) || ids.has(into.id),
    );
    for (const { from, into } of offers) {
      session.print(`perhaps one test: ${offerText(from, into)}`);
      session.print(`  pstrace tests link ${from.id} ${into.id}`);
    }
    return exitCodes.ok;
  });
}

/** The keys of a test that has several. */
function keyLines({ keys }: KnownTest): string[] {
  return keys.length === 1 ? [] : keys.map(({ key, archive }) => `  key ${key} in ${archive}`);
}
