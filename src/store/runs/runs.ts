import type { DatabaseSync } from 'node:sqlite';
import type { Problem } from '../../model/run/problem.ts';
import type { Run } from '../../model/run/run.ts';
import { number, query, text } from '../db/query.ts';

/** A week of runs, one every half hour. */
const maxRuns = 336;
/** A mesh that fails as a whole must not fill the disk with its problems. */
const maxProblems = 500;

/** A stored run with its number. */
export interface NumberedRun {
  readonly number: number;
  readonly run: Run;
}

/** The records of the latest runs. */
export interface Runs {
  /** Records the start of a run; returns the number that `finish` takes. */
  start(run: Run): number;
  finish(number: number, run: Run): void;
  /** The newest `limit` runs, newest first. */
  newest(limit: number): Run[];
  /** All stored runs, oldest first. */
  all(): NumberedRun[];
  /** Adds a run under its number; a stored run with that number stays. */
  add(number: number, run: Run): void;
}

/** Opens the table of runs. */
export function openRuns(database: DatabaseSync): Runs {
  const insert = database.prepare('INSERT INTO run (body) VALUES (?)');
  const prune = database.prepare('DELETE FROM run WHERE number <= ?');
  const update = database.prepare('UPDATE run SET body = ? WHERE number = ?');
  const selectNewest = query(database, 'SELECT body FROM run ORDER BY number DESC LIMIT ?', {
    body: text,
  });
  const selectAll = query(database, 'SELECT number, body FROM run ORDER BY number', {
    number,
    body: text,
  });
  const add = database.prepare('INSERT OR IGNORE INTO run (number, body) VALUES (?, ?)');
  return {
    start(run) {
      const started = Number(insert.run(serialize(run)).lastInsertRowid);
      prune.run(started - maxRuns);
      return started;
    },
    finish(started, run) {
      update.run(serialize(run), started);
    },
    newest: (limit) => selectNewest.all(limit).map(({ body }) => JSON.parse(body) as Run),
    all: () => selectAll.all().map((row) => ({ number: row.number, run: JSON.parse(row.body) })),
    add(known, run) {
      add.run(known, JSON.stringify(run));
    },
  };
}

function serialize(run: Run): string {
  return JSON.stringify({ ...run, problems: truncateProblems(run.problems) });
}

function truncateProblems(problems: readonly Problem[]): readonly Problem[] {
  const omitted = problems.length - maxProblems;
  const last = problems.at(-1);
  if (omitted <= 0 || last === undefined) return problems;
  const summary = {
    ...last,
    subject: 'run',
    message: `${omitted} more problems are not stored`,
    remedy: null,
  };
  return [...problems.slice(0, maxProblems), summary];
}
