import { isBudgetSpent } from '../../lib/http/httpError.ts';
import type { Problem } from '../../model/run/problem.ts';
import type { StreamArchive, StreamBatch } from '../../sources/types.ts';
import type { Store } from '../../store/store.ts';
import { toContainedProblem } from '../problems.ts';
import type { Session } from '../session.ts';
import { createAddressBudget } from './addressBudget.ts';
import { createAdmission } from './admitTests.ts';
import type { ArchiveReading } from './archiveReading.ts';
import type { CollectRequest } from './readTest.ts';

/**
 * Reads the results of a stream that earlier runs have not read, and stores each piece at once,
 * together with how far it reaches. A failure ends the reading; stored pieces remain.
 */
export async function readStream(
  stream: StreamArchive,
  store: Store,
  { window, again = false }: CollectRequest,
  session: Session,
): Promise<ArchiveReading> {
  const { now, signal } = session;
  const { id } = stream;
  const position = again ? null : (store.archiveReaders.find(id)?.position ?? null);
  const tests = store.tests().filter(({ archive }) => archive === id);
  const admission = createAdmission(id, store);
  const addresses = createAddressBudget(id, store, now);
  const seen = new Set<string>();
  const problems: Problem[] = [];
  let tracesRead = 0;
  let tracesNew = 0;
  let ok = true;
  try {
    for await (const batch of stream.read({ window, now, position, tests })) {
      signal.throwIfAborted();
      const admitted = new Set(admission.admit(batch.readings.map(({ test }) => test)));
      const readings = batch.readings
        .filter(({ test }) => admitted.has(test))
        .map((reading) => addresses.admit(reading));
      for (const { test, traces } of readings) {
        seen.add(test.id);
        tracesRead += traces.length;
      }
      tracesNew += store.batched(() => storeBatch(id, { ...batch, readings }, seen, store, now));
      problems.push(...batch.problems);
    }
  } catch (error) {
    problems.push(toContainedProblem(error, id, session));
    ok = isBudgetSpent(error) && tracesRead > 0;
  }
  if (ok && tests.length + seen.size === 0) problems.push(emptyStreamProblem(id));
  addresses.save();
  problems.push(...admission.problems(), ...addresses.problems());
  return { ok, testsListed: seen.size, tracesRead, tracesNew, problems, warnings: [] };
}

/** Stores a piece with its position. Returns the number of new traces. */
function storeBatch(
  archive: string,
  { readings, position, covered }: StreamBatch,
  seen: ReadonlySet<string>,
  store: Store,
  now: number,
): number {
  store.upsertTests(
    readings.map(({ test }) => test),
    now,
  );
  const added = readings.map(
    ({ test, ...reading }) => store.append(test.id, { ...reading, interval: null }).added,
  );
  if (position !== null) store.archiveReaders.setPosition(archive, position);
  if (covered !== null) {
    const nothing = { traces: [], responders: new Map(), failures: [] };
    for (const id of seen) store.append(id, { ...nothing, interval: covered });
    store.setListedUntil(archive, covered.to);
  }
  return added.reduce((sum, each) => sum + each, 0);
}

function emptyStreamProblem(archive: string): Problem {
  return {
    kind: 'not-found',
    subject: archive,
    message: 'The archive has no traceroute results since the start of the window.',
    remedy: 'Check that the tests of the mesh run, and that they write to this archive.',
  };
}
