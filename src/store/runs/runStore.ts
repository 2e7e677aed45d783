import type { Run } from '../../model/run/run.ts';
import type { Tables } from '../tables.ts';

/** The records of runs, and what runs have read already. */
export interface RunStore {
  /**
   * The moment up to which an archive's list of tests has been read; null before the first time.
   */
  listedUntil(archive: string): number | null;
  setListedUntil(archive: string, at: number): void;
  /** Fingerprints of the ingested files, by path. */
  ingestedFiles(): ReadonlyMap<string, string>;
  /** Replaces all fingerprints. */
  setIngestedFiles(fingerprints: ReadonlyMap<string, string>): void;
  /** Records the start of a run; returns the number that `finishRun` takes. */
  startRun(run: Run): number;
  finishRun(number: number, run: Run): void;
  /** The newest `limit` runs, newest first; the store keeps a few hundred. */
  runs(limit: number): Run[];
}

/** The part of the store over runs. */
export function openRunStore({ archives, ingestedFiles, runs, transaction }: Tables): RunStore {
  return {
    listedUntil: archives.listedUntil,
    setListedUntil: archives.setListedUntil,
    ingestedFiles: ingestedFiles.all,
    setIngestedFiles: (fingerprints) => transaction(() => ingestedFiles.replace(fingerprints)),
    startRun: (run) => transaction(() => runs.start(run)),
    finishRun: runs.finish,
    runs: runs.newest,
  };
}
