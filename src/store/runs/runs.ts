import type { DatabaseSync } from 'node:sqlite';
import type { Problem } from '../../model/problem.ts';
import type { Run } from '../../model/run.ts';

/** Runs kept: a week of one every half hour. */
const maxRuns = 336;
/** Problems kept of one run: a mesh that fails as a whole must not fill the disk with its complaints. */
const maxProblems = 500;

/** The records of the last runs. */
export interface Runs {
  /** Records a run that begins; returns the number to finish it by. */
  start(run: Run): number;
  finish(number: number, run: Run): void;
  /** The newest `limit` runs, newest first. */
  newest(limit: number): Run[];
  /** All that are kept with their numbers, oldest first. */
  all(): { number: number; run: Run }[];
  /** Takes in a run under its number; one that is there already stays. */
  add(number: number, run: Run): void;
}

/** Opens the table of runs. */
export function openRuns(database: DatabaseSync): Runs {
  const insert = database.prepare('INSERT INTO run (body) VALUES (?)');
  const prune = database.prepare('DELETE FROM run WHERE number <= ?');
  const update = database.prepare('UPDATE run SET body = ? WHERE number = ?');
  const newest = database.prepare('SELECT body FROM run ORDER BY number DESC LIMIT ?');
  const every = database.prepare('SELECT number, body FROM run ORDER BY number');
  const add = database.prepare('INSERT OR IGNORE INTO run (number, body) VALUES (?, ?)');
  return {
    start(run) {
      const number = Number(insert.run(serialize(run)).lastInsertRowid);
      prune.run(number - maxRuns);
      return number;
    },
    finish(number, run) {
      update.run(serialize(run), number);
    },
    newest(limit) {
      const rows = newest.all(limit) as unknown as { body: string }[];
      return rows.map((row) => JSON.parse(row.body) as Run);
    },
    all() {
      const rows = every.all() as unknown as { number: number; body: string }[];
      return rows.map(({ number, body }) => ({ number, run: JSON.parse(body) as Run }));
    },
    add(number, run) {
      add.run(number, JSON.stringify(run));
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
    message: `${omitted} more problems are not kept`,
    remedy: null,
  };
  return [...problems.slice(0, maxProblems), summary];
}
