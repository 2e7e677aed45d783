import type { DatabaseSync } from 'node:sqlite';

/** Ended changes that the store keeps of each test, the newest ones. */
export const maxEndedChanges = 10_000;

/** How long ended changes and their incidents stay. */
export interface AlertRetention {
  /**
   * Deletes the changes that ended before a moment (epoch seconds), and of each test all but the
   * newest `keep` ended ones. Deletes the incidents without any change left, and their
   * acknowledgements. Open changes stay, and so do those that an operator accepted: they may last.
   */
  prune(endedBefore: number, keep: number): void;
}

/** Opens the tables of changes and incidents. */
export function openAlertRetention(database: DatabaseSync): AlertRetention {
  const outdated = `change WHERE number IN (
    SELECT number FROM (
      SELECT number, closed_at, row_number() OVER (PARTITION BY test ORDER BY closed_at DESC) AS rank
      FROM change WHERE closed_at IS NOT NULL AND id NOT IN (SELECT change FROM acceptance))
    WHERE closed_at < ?1 OR rank > ?2)`;
  const changes = [
    // The number of all changes of a test must not fall: Prometheus would take that for a restart.
    `INSERT INTO pruned_change (test, class, count)
       SELECT test, class, count(*) FROM ${outdated} GROUP BY test, class
       ON CONFLICT DO UPDATE SET count = count + excluded.count`,
    `DELETE FROM ${outdated}`,
  ].map((sql) => database.prepare(sql));
  const incidents = database.prepare(
    `DELETE FROM incident WHERE engine IS NULL AND from_at < ?
       AND id NOT IN (SELECT incident FROM change WHERE incident IS NOT NULL)`,
  );
  const orphans = [
    `WITH RECURSIVE present (id) AS (
       SELECT id FROM incident
       UNION SELECT merged_incident.id FROM merged_incident JOIN present ON into_id = present.id)
     DELETE FROM merged_incident WHERE id NOT IN (SELECT id FROM present)`,
    `DELETE FROM acknowledgement WHERE incident NOT IN (SELECT id FROM incident)
       AND incident NOT IN (SELECT id FROM merged_incident)`,
  ].map((sql) => database.prepare(sql));
  return {
    prune(endedBefore, keep) {
      for (const statement of changes) statement.run(endedBefore, keep);
      incidents.run(endedBefore);
      for (const statement of orphans) statement.run();
    },
  };
}
