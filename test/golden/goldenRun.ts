import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EndedCommand, pstraceAt } from '../helpers/pstraceAt.ts';
import { playArchives } from '../helpers/recordedArchive.ts';

/**
 * The recorded archives: responses of a perfSONAR 5 host and of an older one, with hostile texts
 * and damaged results among them.
 */
export const archiveFolder = join(import.meta.dirname, 'archive');
/** The site from the recorded archives. */
export const siteFolder = join(import.meta.dirname, 'site');
/** The messages of the run on stderr. */
export const messagesFile = join(import.meta.dirname, 'messages.txt');

/** 2026-03-01 12:00:00 UTC: the end of the recording. */
export const until = 1772366400;
export const periodSeconds = 8 * 3600;

/**
 * Runs pstrace on the recorded archives. The site goes into `out`, everything else into the folder
 * `beside`.
 */
export async function goldenRun(out: string, beside: string): Promise<EndedCommand> {
  const config = join(beside, 'pstrace.toml');
  writeFileSync(config, '[site]\ntitle = "Golden mesh"\n');
  const archives = await playArchives(archiveFolder);
  const hosts = ['ma5.example.net', 'ma4.example.org'];
  try {
    return await pstraceAt(
      until,
      [
        ...hosts.map((host) => `http://${host}/esmond/perfsonar/archive`),
        String(periodSeconds),
        ...['--until', String(until), '--config', config],
        ...['--out', out, '--state', join(beside, 'var')],
      ],
      { HTTP_PROXY: archives.proxy },
    );
  } finally {
    await archives.close();
  }
}
