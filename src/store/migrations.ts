/** One step of the database's layout: the statements that lead to this version from the one before. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/**
 * Every layout ever released, oldest first; a released entry is never edited. Times are epoch seconds.
 * `number` columns are small stand-ins for long texts; packed bodies begin with the number of their format.
 */
export const migrations: readonly Migration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE test (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        archive TEXT NOT NULL,
        key TEXT NOT NULL,
        tool TEXT NOT NULL,
        source_address TEXT,
        source_name TEXT NOT NULL,
        destination_address TEXT,
        destination_name TEXT NOT NULL,
        family INTEGER NOT NULL,
        task_name TEXT,
        parameters TEXT NOT NULL, -- JSON object
        event_types TEXT NOT NULL, -- JSON array
        first_seen_at REAL NOT NULL,
        last_listed_at REAL NOT NULL,
        oldest_trace_at REAL,
        newest_trace_at REAL,
        interval_seconds INTEGER
      ) STRICT;

      CREATE TABLE responder ( -- last good values
        number INTEGER PRIMARY KEY,
        address TEXT NOT NULL UNIQUE,
        hostname TEXT,
        asn INTEGER,
        as_name TEXT
      ) STRICT;

      CREATE TABLE route ( -- each route once, packed
        number INTEGER PRIMARY KEY,
        body BLOB NOT NULL UNIQUE
      ) STRICT;

      -- The traces of one test in one span of 6 hours, packed. key = span x 2^32 + test number, span = epoch seconds / 21600:
      -- a run's new traces lie side by side at the end of the table, and old ones go in one piece.
      CREATE TABLE chunk (
        key INTEGER PRIMARY KEY,
        body BLOB NOT NULL
      ) STRICT;

      CREATE TABLE coverage ( -- what of the archive has been read, both ends included
        test INTEGER NOT NULL REFERENCES test,
        from_at INTEGER NOT NULL,
        to_at INTEGER NOT NULL,
        PRIMARY KEY (test, from_at)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE failure ( -- runs that the archive reports as failed
        test INTEGER NOT NULL REFERENCES test,
        at REAL NOT NULL,
        error TEXT NOT NULL,
        PRIMARY KEY (test, at)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE archive (
        id TEXT PRIMARY KEY,
        listed_until REAL NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE run (
        number INTEGER PRIMARY KEY,
        body TEXT NOT NULL -- JSON
      ) STRICT;
    `,
  },
];
