import type { DatabaseSync } from 'node:sqlite';
import type { StreamPosition } from '../../model/run/streamPosition.ts';
import { nullable, number, query, text, textOf } from '../db/query.ts';

/** How an archive is read: as one stream, or test by test. */
export type ReaderName = 'stream' | 'tests';

/** How an archive is read, since when (epoch seconds), and how far its stream has been read. */
export interface StoredReader {
  readonly reader: ReaderName;
  readonly chosenAt: number;
  /** null: from the beginning. */
  readonly position: StreamPosition | null;
}

/** How the archives are read. */
export interface ArchiveReaderTable {
  /** null before the first time. */
  find(archive: string): StoredReader | null;
  /** Records a choice; a recorded position stays. */
  choose(archive: string, reader: ReaderName, at: number): void;
  /** Records how far the stream of an archive with a recorded choice has been read. */
  setPosition(archive: string, position: StreamPosition): void;
  /** Removes the time before a moment. */
  prune(before: number): void;
}

/** Opens the table of readers. */
export function openArchiveReaders(database: DatabaseSync): ArchiveReaderTable {
  const selectOne = query(
    database,
    'SELECT reader, chosen_at AS chosenAt, position FROM archive_reader WHERE archive = ?',
    { reader: textOf<ReaderName>(), chosenAt: number, position: nullable(text) },
  );
  const upsert = database.prepare(
    `INSERT INTO archive_reader (archive, reader, chosen_at) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET reader = excluded.reader, chosen_at = excluded.chosen_at`,
  );
  const updatePosition = database.prepare(
    'UPDATE archive_reader SET position = ? WHERE archive = ?',
  );
  const cutPositions = database.prepare(
    `UPDATE archive_reader SET position = json_set(position, '$.from', ?1)
     WHERE json_extract(position, '$.from') < ?1
       AND coalesce(json_extract(position, '$.to'), ?1) >= ?1`,
  );
  return {
    find(archive) {
      const row = selectOne.get(archive);
      if (row === undefined) return null;
      const { position, ...choice } = row;
      return { ...choice, position: position === null ? null : JSON.parse(position) };
    },
    choose(archive, reader, at) {
      upsert.run(archive, reader, at);
    },
    setPosition(archive, position) {
      updatePosition.run(JSON.stringify(position), archive);
    },
    prune(before) {
      cutPositions.run(before);
    },
  };
}
