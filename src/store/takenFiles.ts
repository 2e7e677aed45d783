import type { DatabaseSync } from 'node:sqlite';

/** Files that runs took in, by their path; the mark of each tells its content and how it was read from another time's. */
export interface TakenFiles {
  all(): Map<string, string>;
  /** Puts these in place of all. */
  replace(marks: ReadonlyMap<string, string>): void;
}

/** Opens the table of files. */
export function openTakenFiles(database: DatabaseSync): TakenFiles {
  const every = database.prepare('SELECT path, mark FROM taken_file ORDER BY path');
  const clear = database.prepare('DELETE FROM taken_file');
  const insert = database.prepare('INSERT INTO taken_file (path, mark) VALUES (?, ?)');
  return {
    all() {
      const rows = every.all() as unknown as { path: string; mark: string }[];
      return new Map(rows.map(({ path, mark }) => [path, mark]));
    },
    replace(marks) {
      clear.run();
      for (const [path, mark] of marks) insert.run(path, mark);
    },
  };
}
