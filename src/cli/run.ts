import type { Config } from '../config/load.ts';
import { ExpectedError } from '../lib/errors.ts';
import type { Interval } from '../model/trace.ts';
import type { AlertSettings } from '../notify/settings.ts';
import type { Store } from '../store/store.ts';
import { type ClockFindings, compareClocks } from './clocks.ts';
import { type AskedArchive, collect } from './collect.ts';
import { detect } from './detect/detect.ts';
import { takeDropped } from './dropFolder.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import { forgetOldTraces, settleHistory } from './history.ts';
import { unlessAborted } from './interrupt.ts';
import { askDns, lookUpSystems } from './lookups.ts';
import { type FoundPlan, meshPlan } from './plan.ts';
import { newRemarks, warnOf } from './problems.ts';
import { writePages } from './runPages.ts';
import { noPages, type RunFacts, type RunRecord, recordRun } from './runRecord.ts';
import type { Session } from './session.ts';
import { alone, withStore } from './state.ts';
import { openTeller, type Teller } from './tell/tell.ts';

/** A run: the archives to ask (none where mtr alone measures), the window to look at, and where everything goes. */
export interface RunJob {
  readonly archives: readonly AskedArchive[];
  readonly window: Interval;
  readonly config: Config;
  /** Show what would be told, and keep nothing of it. */
  readonly dryRun?: boolean;
  /** What the demo tells, as if runs had looked at these moments too (epoch seconds), oldest first. */
  readonly story?: { readonly moments: readonly number[]; readonly alerts: AlertSettings };
}

/** archives and files → store → analysis → pages. Closes the archives in the end. */
export async function run(job: RunJob, session: Session): Promise<ExitCode> {
  const { state } = job.config;
  try {
    const teller = openTeller(job.config, session, job.story?.alerts);
    const work = job.dryRun ? rehearse : runWith;
    return await alone(state, session, () =>
      withStore(state, session, 'write', (store) => work(store, job, teller, session)),
    );
  } finally {
    await Promise.all(job.archives.map(({ archive }) => archive.close()));
  }
}

/** A run up to the point where people are told, of which nothing stays. */
function rehearse(store: Store, job: RunJob, teller: Teller, session: Session): Promise<ExitCode> {
  return store.tentatively(async () => {
    const { facts, planned, clocks } = await takeStock(store, job, session);
    const tell = (now: number) => teller.plan(store, planned.plan, now);
    const found = await detect(store, job.config, clocks, session, tell);
    warnOf(found, session.log);
    teller.show(store);
    return facts.problems.length + found.length === 0 ? exitCodes.good : exitCodes.problems;
  });
}

async function runWith(
  store: Store,
  job: RunJob,
  teller: Teller,
  session: Session,
): Promise<ExitCode> {
  const { window, config } = job;
  const record = recordRun(store, window, session);
  const { facts: known, planned, clocks } = await takeStock(store, job, session);
  let facts = known;
  try {
    await settleHistory(store, window.to, session);
    const tell = (now: number) => teller.plan(store, planned.plan, now);
    for (const now of job.story?.moments ?? [])
      await detect(store, config, clocks, { ...session, now }, tell);
    const found = await detect(store, config, clocks, session, tell);
    warnOf(found, session.log);
    facts = { ...known, problems: [...known.problems, ...found] };
    const [pages] = await Promise.allSettled([
      writePages({ store, job, session, record, facts, planned }),
    ]);
    // Whatever became of the pages, but after them: who follows a link should find what it leads to.
    const restate = pages.status === 'rejected' ? () => {} : pages.value.restate;
    const isTold = await tellPeople({ store, teller, record, restate }, session);
    if (pages.status === 'rejected') throw pages.reason;
    const { code } = pages.value;
    const { tracesSeconds } = config;
    forgetOldTraces(store, { tracesSeconds, windowFrom: window.from }, session);
    await askDns(store, config, session);
    return isTold || code !== exitCodes.good ? code : exitCodes.problems;
  } catch (error) {
    if (error instanceof ExpectedError) {
      const all = [...facts.problems, error.toProblem()];
      record.finish('problems', { ...facts, problems: all }, noPages);
    }
    throw error;
  }
}

/** What is known once everybody has been asked. */
interface Stock {
  readonly facts: RunFacts;
  readonly planned: FoundPlan;
  readonly clocks: ClockFindings;
}

/** Among so many there is one that was not killed. */
const recentRuns = 10;

/** Brings the store up to date with the archives and everything else that is asked. */
async function takeStock(
  store: Store,
  { archives, window, config }: RunJob,
  session: Session,
): Promise<Stock> {
  store.distrust(session.now);
  const wanted = { window, overlapSeconds: config.overlapSeconds };
  const collecting = collect(archives, store, wanted, session);
  const planning = meshPlan(config, true, session);
  const dropping = takeDropped(config, store, session);
  const [collected, planned, dropped] = await unlessAborted(
    Promise.all([collecting, planning, dropping]),
    session.signal,
  );
  const found = collected.flatMap((each) => each.problems);
  const clocks = compareClocks(archives.map(({ archive }) => archive));
  const unknown = await lookUpSystems(store, config, session);
  const problems = [
    ...[...store.problems, ...found, ...dropped.problems],
    ...[...planned.problems, ...unknown],
  ];
  const archiveRuns = collected.map((each) => each.record);
  const facts = { archives: archiveRuns, problems, remarks: clocks.remarks };
  warnOf([...newRemarks(clocks.remarks, store.runs(recentRuns)), ...problems], session.log);
  return { facts, planned, clocks };
}

interface Telling {
  readonly store: Store;
  readonly teller: Teller;
  readonly record: RunRecord;
  readonly restate: () => void;
}

/**
 * Hands over what is to be told, and lets the pages tell of it; false when not all of it could be, which becomes a part of the
 * record of the run.
 */
async function tellPeople(
  { store, teller, record, restate }: Telling,
  { log }: Session,
): Promise<boolean> {
  if (store.outbox.pending().length === 0) return true;
  const problems = [...(await teller.deliver(store))];
  if (problems.length > 0) record.add(problems);
  try {
    restate();
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    problems.push(error.toProblem());
  }
  warnOf(problems, log);
  return problems.length === 0;
}
