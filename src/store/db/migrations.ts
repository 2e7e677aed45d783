import type { DatabaseSync } from 'node:sqlite';
import { recordAliases } from './recordAliases.ts';
import { renameStoredFields } from './renameStoredFields.ts';
import { reopenAccepted } from './reopenAccepted.ts';

/** One step of the database layout, from the previous version to this one. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
  /** Rewrites bodies that SQL cannot reach; runs after `sql`, in the same transaction. */
  readonly rewrite?: (database: DatabaseSync) => void;
}

/**
 * Every layout ever released, oldest first. A released entry is never edited. Times are epoch
 * seconds. `number` columns are short keys for long texts. A packed body starts with the number of
 * its format.
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
  {
    version: 2,
    sql: `
      -- Every trace before this midnight UTC is told by route_period too; NULL: none is.
      ALTER TABLE test ADD COLUMN settled_until INTEGER;
      -- Traces before this midnight UTC were deleted, and the periods of that time are final; NULL: none was.
      ALTER TABLE test ADD COLUMN forgotten_until INTEGER;

      -- The last day (epoch seconds / 86400) with a trace over the route: when that day goes, so does the route.
      ALTER TABLE route ADD COLUMN last_day INTEGER NOT NULL DEFAULT 0;
      -- 2^34 = 2^32 x 4 spans a day. Nothing tells older routes apart, so all of them stay as long as the newest trace.
      UPDATE route SET last_day = coalesce((SELECT max(key) / 17179869184 FROM chunk), 0);

      CREATE TABLE pattern ( -- each route of a period once, packed
        number INTEGER PRIMARY KEY,
        body BLOB NOT NULL UNIQUE
      ) STRICT;

      -- Kept for ever. As long as the traces are there a period is cut at each midnight UTC, so that a day can be told anew.
      CREATE TABLE route_period (
        test INTEGER NOT NULL REFERENCES test,
        from_at REAL NOT NULL, -- start of the first and of the last trace
        to_at REAL NOT NULL,
        traces INTEGER NOT NULL,
        reached INTEGER NOT NULL, -- 0 or 1
        continues INTEGER NOT NULL, -- 1: the period before this goes on, it was only cut at midnight
        pattern INTEGER NOT NULL,
        PRIMARY KEY (test, from_at)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 3,
    sql: `
      -- Nobody is told of what was detected before this moment: it comes from replaying the past. NULL: not looked at yet.
      ALTER TABLE test ADD COLUMN watched_since REAL;
      ALTER TABLE test ADD COLUMN policy_state TEXT; -- JSON; NULL: no rule is broken

      CREATE TABLE detection ( -- what the detection remembers of each test
        test INTEGER PRIMARY KEY REFERENCES test,
        until_at REAL NOT NULL, -- start of the newest trace that it has seen
        elements TEXT NOT NULL, -- JSON array: the devices and links of the usual route
        body BLOB NOT NULL -- packed JSON
      ) STRICT;

      CREATE TABLE mesh_memory ( -- what is remembered of the mesh as a whole
        name TEXT PRIMARY KEY,
        body BLOB NOT NULL -- packed JSON
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE finding ( -- what the detection has found and no incident has taken in yet
        number INTEGER PRIMARY KEY,
        body BLOB NOT NULL -- packed JSON
      ) STRICT;

      CREATE TABLE change ( -- kept for ever
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        test INTEGER NOT NULL REFERENCES test,
        class TEXT NOT NULL,
        detected_at REAL NOT NULL,
        closed_at REAL, -- NULL: it lasts
        accepted INTEGER NOT NULL DEFAULT 0, -- 1: it ended because it is normal now
        incident TEXT,
        body BLOB NOT NULL -- packed JSON
      ) STRICT;
      CREATE INDEX change_detected ON change (detected_at);
      CREATE INDEX change_lasting ON change (number) WHERE closed_at IS NULL;
      CREATE INDEX change_incident ON change (incident);

      CREATE TABLE incident ( -- kept for ever
        id TEXT PRIMARY KEY,
        from_at REAL NOT NULL,
        engine BLOB, -- packed JSON; NULL: nothing can join it any more
        body BLOB NOT NULL -- packed JSON
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX incident_from ON incident (from_at);
      CREATE INDEX incident_active ON incident (id) WHERE engine IS NOT NULL;

      CREATE TABLE merged_incident ( -- incidents that became part of another one
        id TEXT PRIMARY KEY,
        into_id TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE silence ( -- made by hand
        id TEXT PRIMARY KEY,
        from_at REAL NOT NULL,
        until_at REAL NOT NULL,
        body TEXT NOT NULL -- JSON: what it is about
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE acknowledgement (
        incident TEXT PRIMARY KEY,
        at REAL NOT NULL,
        made_by TEXT,
        note TEXT
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE outbox (
        number INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        recipient TEXT NOT NULL,
        kind TEXT NOT NULL,
        thread TEXT,
        planned_at REAL NOT NULL,
        message_id TEXT NOT NULL,
        tells TEXT NOT NULL, -- JSON
        body TEXT, -- NULL once nothing is to be sent any more
        state TEXT NOT NULL DEFAULT 'waiting', -- or 'sent', 'given up'
        attempts INTEGER NOT NULL DEFAULT 0, -- that failed
        next_attempt_at REAL NOT NULL DEFAULT 0,
        settled_at REAL, -- when it was sent or given up
        note TEXT -- what the other side said last
      ) STRICT;
      CREATE INDEX outbox_waiting ON outbox (number) WHERE state = 'waiting';
      CREATE INDEX outbox_planned ON outbox (planned_at);
    `,
  },
  {
    version: 4,
    sql: `
      CREATE TABLE lookup ( -- what was asked about responders, and may be forgotten at any time
        kind TEXT NOT NULL, -- name or as
        address TEXT NOT NULL,
        until REAL NOT NULL, -- not asked again before
        told TEXT, -- a name, or number and name of an AS as JSON array; NULL: nothing
        PRIMARY KEY (kind, address)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 5,
    sql: `
      CREATE TABLE taken_file ( -- files of the drop folders that need not be read again
        path TEXT PRIMARY KEY,
        mark TEXT NOT NULL -- tells when the file, or how it is read, has changed
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 6,
    sql: `
      CREATE TABLE late_trace ( -- of tests of which traces came after newer ones, until the detection has looked at them
        test INTEGER PRIMARY KEY REFERENCES test,
        from_at REAL NOT NULL -- start of the earliest of these
      ) STRICT;

      CREATE TABLE past_detection ( -- rows of detection at earlier times, from which it goes on when traces come late
        test INTEGER NOT NULL REFERENCES test,
        until_at REAL NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (test, until_at)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 7,
    sql: `
      ALTER TABLE test RENAME COLUMN settled_until TO finalized_until;
      ALTER TABLE test RENAME COLUMN forgotten_until TO pruned_until;

      ALTER TABLE mesh_memory RENAME TO mesh_state;
      UPDATE mesh_state SET name = 'testActivity' WHERE name = 'silence';
      ALTER TABLE finding RENAME TO pending_finding;
      ALTER TABLE late_trace RENAME TO late_arrival;
      ALTER TABLE past_detection RENAME TO detection_checkpoint;

      ALTER TABLE lookup RENAME COLUMN told TO result;
      ALTER TABLE taken_file RENAME TO ingested_file;
      ALTER TABLE ingested_file RENAME COLUMN mark TO fingerprint;

      DROP INDEX change_lasting;
      CREATE INDEX change_open ON change (number) WHERE closed_at IS NULL;

      ALTER TABLE outbox RENAME COLUMN tells TO notices;
      ALTER TABLE outbox RENAME COLUMN settled_at TO finished_at;
      UPDATE outbox SET state = 'failed' WHERE state = 'given up';
      DROP INDEX outbox_waiting;
      CREATE INDEX outbox_pending ON outbox (number) WHERE state = 'waiting';
    `,
    rewrite: renameStoredFields,
  },
  {
    version: 8,
    sql: `
      CREATE TABLE acceptance ( -- of changes, by operators
        change TEXT PRIMARY KEY,
        at REAL NOT NULL,
        made_by TEXT,
        note TEXT
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 9,
    sql: `
      -- A row of test is a key of an archive. The number of the key after which the test is named; NULL: not decided.
      ALTER TABLE test ADD COLUMN same_as INTEGER REFERENCES test;
      ALTER TABLE test ADD COLUMN planned_at REAL; -- when a psConfig template last promised it; NULL: never
      ALTER TABLE test ADD COLUMN retired_at REAL; -- NULL: it belongs to the mesh
      ALTER TABLE test ADD COLUMN retired_by TEXT; -- operator or template
    `,
  },
  {
    version: 10,
    sql: '',
    rewrite: reopenAccepted,
  },
  {
    version: 11,
    sql: `
      CREATE TABLE past_version ( -- values that were replaced, for views of the past
        kind TEXT NOT NULL, -- incident, change, responder or plan
        id TEXT NOT NULL,
        replaced_at REAL NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (kind, id, replaced_at)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 12,
    sql: `
      ALTER TABLE test ADD COLUMN schedule_seconds INTEGER; -- as the archive states it; NULL: it does not

      CREATE TABLE archive_reader ( -- how each archive is read
        archive TEXT PRIMARY KEY,
        reader TEXT NOT NULL, -- stream or tests
        chosen_at REAL NOT NULL,
        position TEXT -- JSON: how far the stream has been read; NULL: not at all
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 13,
    sql: `
      CREATE TABLE origin ( -- archives, and '' for look-ups of our own, in the order in which they became known
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE
      ) STRICT;

      -- Last good values, by origin. The columns of responder have those of earlier layouts, whose origin is unknown.
      CREATE TABLE responder_statement (
        responder INTEGER NOT NULL,
        origin INTEGER NOT NULL REFERENCES origin,
        hostname TEXT,
        asn INTEGER,
        as_name TEXT,
        PRIMARY KEY (responder, origin)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 14,
    sql: `
      CREATE TABLE alias ( -- every name that an address ever had, at most 200 of each, so that a mask hides all of them
        address TEXT NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY (address, name)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE near_address ( -- least ttl of addresses on deleted routes
        address TEXT PRIMARY KEY,
        ttl INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      INSERT OR IGNORE INTO alias SELECT address, hostname FROM responder WHERE hostname IS NOT NULL;
      INSERT OR IGNORE INTO alias SELECT address, responder_statement.hostname
        FROM responder_statement JOIN responder ON number = responder WHERE responder_statement.hostname IS NOT NULL;
      INSERT OR IGNORE INTO alias SELECT source_address, source_name FROM test WHERE source_address IS NOT NULL;
      INSERT OR IGNORE INTO alias SELECT destination_address, destination_name FROM test WHERE destination_address IS NOT NULL;

      CREATE TRIGGER alias_limit BEFORE INSERT ON alias
      WHEN (SELECT count(*) FROM alias WHERE address = NEW.address) >= 200
      BEGIN SELECT raise(IGNORE); END;

      CREATE TRIGGER alias_of_responder AFTER UPDATE OF hostname ON responder WHEN NEW.hostname IS NOT NULL
      BEGIN INSERT OR IGNORE INTO alias VALUES (NEW.address, NEW.hostname); END;

      CREATE TRIGGER alias_of_statement AFTER INSERT ON responder_statement WHEN NEW.hostname IS NOT NULL
      BEGIN INSERT OR IGNORE INTO alias SELECT address, NEW.hostname FROM responder WHERE number = NEW.responder; END;

      CREATE TRIGGER alias_of_new_test AFTER INSERT ON test
      BEGIN
        INSERT OR IGNORE INTO alias SELECT NEW.source_address, NEW.source_name WHERE NEW.source_address IS NOT NULL;
        INSERT OR IGNORE INTO alias SELECT NEW.destination_address, NEW.destination_name WHERE NEW.destination_address IS NOT NULL;
      END;

      CREATE TRIGGER alias_of_test AFTER UPDATE OF source_address, source_name, destination_address, destination_name ON test
      WHEN NEW.source_address IS NOT OLD.source_address OR NEW.source_name <> OLD.source_name
        OR NEW.destination_address IS NOT OLD.destination_address OR NEW.destination_name <> OLD.destination_name
      BEGIN
        INSERT OR IGNORE INTO alias SELECT NEW.source_address, NEW.source_name WHERE NEW.source_address IS NOT NULL;
        INSERT OR IGNORE INTO alias SELECT NEW.destination_address, NEW.destination_name WHERE NEW.destination_address IS NOT NULL;
      END;
    `,
    rewrite: recordAliases,
  },
  {
    version: 15,
    sql: `
      -- Earlier versions quoted other parties, files and recipients in the problems of a run.
      UPDATE run SET body = json_set(body, '$.problems', json((
        SELECT json_group_array(json_object(
          'kind', value ->> 'kind',
          'subject', 'earlier version',
          'message', 'An earlier version of pstrace met a problem; its log has the details.',
          'remedy', NULL
        )) FROM json_each(run.body, '$.problems')
      ))) WHERE json_valid(body);
    `,
  },
  {
    version: 16,
    sql: `
      -- An upsert overrides the OR IGNORE of its triggers, so it failed for a name that was known.
      CREATE TRIGGER alias_known BEFORE INSERT ON alias
      WHEN EXISTS (SELECT 1 FROM alias WHERE address = NEW.address AND name = NEW.name)
      BEGIN SELECT raise(IGNORE); END;
    `,
  },
  {
    version: 17,
    sql: `
      CREATE TABLE pruned_change ( -- how many changes the retention has deleted
        test INTEGER NOT NULL REFERENCES test,
        class TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (test, class)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 18,
    sql: `
      CREATE TABLE metric_test ( -- tests of archives other than traceroute tests
        number INTEGER PRIMARY KEY,
        archive TEXT NOT NULL,
        type TEXT NOT NULL, -- as pScheduler calls it
        key TEXT NOT NULL,
        source TEXT NOT NULL, -- addresses
        destination TEXT NOT NULL,
        task_name TEXT,
        UNIQUE (source, destination, type, archive, key)
      ) STRICT;

      CREATE TABLE metric_day ( -- figures of a UTC day
        test INTEGER NOT NULL REFERENCES metric_test,
        day INTEGER NOT NULL, -- counted from the epoch
        runs INTEGER NOT NULL,
        failed INTEGER NOT NULL,
        median REAL, -- milliseconds, or bits per second; NULL: no run succeeded
        low REAL,
        high REAL,
        loss REAL, -- share of the packets; NULL: unknown
        PRIMARY KEY (test, day)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE metric_position ( -- how far each archive has been read
        archive TEXT NOT NULL,
        type TEXT NOT NULL,
        from_day INTEGER NOT NULL,
        arrived_until REAL NOT NULL,
        read_at REAL NOT NULL,
        PRIMARY KEY (archive, type)
      ) STRICT, WITHOUT ROWID;
    `,
  },
];
