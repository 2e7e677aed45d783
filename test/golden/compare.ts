import { version } from '../../src/lib/version.ts';
import { assetPages } from '../../src/report/assets.ts';
import { siteFiles } from '../helpers/siteFiles.ts';

/** Replaces the version of pstrace, which is on every page, in the recorded files. */
const versionMark = '@VERSION@';
/** The version by itself, not as a part of an address or of another number. */
const versionText = new RegExp(`(?<![\\d.])${version.replaceAll('.', '\\.')}(?![\\d.])`, 'g');

const assets = new Map((await assetPages()).map(({ path, body }) => [path, body] as const));

/** The complete recorded site, with its style sheets and scripts, which come from their sources. */
export function recordedSite(folder: string): ReadonlyMap<string, Buffer> {
  return new Map([...siteFiles(folder), ...assets]);
}

/** Whether a file of the site is a style sheet, script or icon, which come from their sources. */
export function isAsset(path: string): boolean {
  return assets.has(path);
}

/** The recorded form of a file: the same bytes except for the version. */
export function recordedForm(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(versionText, versionMark), 'latin1');
}

/**
 * The first difference between a recorded and a new site: the file and both lines. null if all
 * bytes are the same.
 */
export function firstDifference(
  recorded: ReadonlyMap<string, Buffer>,
  made: ReadonlyMap<string, Buffer>,
): string | null {
  for (const path of [...new Set([...recorded.keys(), ...made.keys()])].sort()) {
    const [before, now] = [recorded.get(path), made.get(path)];
    if (now === undefined) return `${path} is recorded but was not made`;
    if (before === undefined) return `${path} was made but is not recorded`;
    const bytes = recordedForm(now);
    if (!before.equals(bytes)) return `${path}, ${differingLine(before, bytes)}`;
  }
  return null;
}

function differingLine(before: Buffer, now: Buffer): string {
  const [old, fresh] = [before, now].map((bytes) => bytes.toString('utf8').split('\n'));
  const index = (old ?? []).findIndex((line, at) => line !== fresh?.[at]);
  const at = index < 0 ? (old?.length ?? 0) : index;
  const [left, right] = [old?.[at], fresh?.[at]];
  return `line ${at + 1}\n- ${excerpt(left, right)}\n+ ${excerpt(right, left)}`;
}

/** The text around the first different character; lines of a page may be long. */
function excerpt(line: string | undefined, other: string | undefined): string {
  if (line === undefined) return '(the file has ended)';
  let at = 0;
  while (at < line.length && line[at] === other?.[at]) at += 1;
  const start = Math.max(0, at - 60);
  const end = at + 120;
  return `${start > 0 ? '…' : ''}${line.slice(start, end)}${end < line.length ? '…' : ''}`;
}
