import { hash } from 'node:crypto';
import { acceptanceText } from '../../model/change/acceptance.ts';
import { changeClassLabels } from '../../model/change/changeLabels.ts';
import { explainChange } from '../../model/change/changeReasons.ts';
import type { ChangeRecord } from '../../model/change/changeRecord.ts';
import { verdictText } from '../../model/change/verdictText.ts';
import { changePath } from '../../model/site/sitePaths.ts';
import { hostsText, isRenamed, pairText } from '../../model/test/testText.ts';
import { isoTime, sentenceCase } from '../../model/values/format.ts';
import { toPublicChange } from './publicChange.ts';

/** One feed of the site. */
export interface Feed {
  readonly title: string;
  /** Path of its file, relative to the root of the site: `feed.xml`, `tests/<id>/feed.xml`. */
  readonly path: string;
  /** URL of the site with a trailing slash; null for relative links. */
  readonly baseUrl: string | null;
}

const maxEntries = 100;

/**
 * An Atom feed (RFC 4287) of changes, newest first. Its bytes stay the same until a change is new
 * or different. The ids of entries do not depend on the URL of the site; the id of the feed does,
 * because all sites have feeds of the same names.
 */
export function atomFeed({ title, path, baseUrl }: Feed, records: readonly ChangeRecord[]): string {
  const shown = records.slice(0, maxEntries);
  const updated = Math.max(0, ...shown.map(updatedAt));
  const root = baseUrl ?? '../'.repeat(path.split('/').length - 1);
  const lines = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    `<title>${escapeXml(title)}</title>`,
    `<id>${urn(`feed ${baseUrl ?? ''}${path}`)}</id>`,
    `<updated>${isoTime(updated)}</updated>`,
    '<author><name>pstrace</name></author>',
    ...(baseUrl === null ? [] : [`<link rel="self" href="${escapeXml(`${baseUrl}${path}`)}"/>`]),
    `<link href="${escapeXml(`${root}changes.html`)}"/>`,
    ...shown.map((record) => entry(record, root)),
    '</feed>',
  ];
  return `${lines.join('\n')}\n`;
}

function entry(record: ChangeRecord, root: string): string {
  const { change, test } = record;
  const { closedAt, acceptedAtIso } = toPublicChange(record);
  const { acceptance } = record;
  const verdict = verdictText(change);
  const summary = [
    ...(verdict === '' ? [] : [`${verdict}.`]),
    ...explainChange(change),
    ...(closedAt === null ? [] : [`Ended at ${isoTime(closedAt)}.`]),
    ...(acceptance === null ? [] : [`${sentenceCase(acceptanceText(acceptance))}.`]),
    ...(acceptedAtIso === null || acceptance !== null
      ? []
      : [`Accepted as the new baseline at ${acceptedAtIso}.`]),
    ...(isRenamed(test) ? [`Hosts: ${hostsText(test)}.`] : []),
  ];
  return [
    '<entry>',
    `<title>${escapeXml(`${change.severity}: ${changeClassLabels[change.class]}, ${pairText(test)}`)}</title>`,
    `<id>${urn(`change ${change.id}`)}</id>`,
    `<published>${isoTime(change.detectedAt)}</published>`,
    `<updated>${isoTime(updatedAt(record))}</updated>`,
    `<link href="${escapeXml(`${root}${changePath(change.id)}`)}"/>`,
    `<category term="${change.class}"/>`,
    `<category term="${change.severity}"/>`,
    `<summary>${escapeXml(summary.join(' '))}</summary>`,
    '</entry>',
  ].join('\n');
}

/** Time of the last update of an entry: detection, reassessment, acceptance or end. */
function updatedAt({ change, closedAt, acceptance }: ChangeRecord): number {
  const { detectedAt, reassessedAt } = change;
  return Math.max(detectedAt, reassessedAt ?? 0, closedAt ?? 0, acceptance?.at ?? 0);
}

/** A stable name: a UUID of version 8 (RFC 9562) from a SHA-256. */
function urn(name: string): string {
  const hex = hash('sha256', `pstrace ${name}`);
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text for XML and removes characters that XML 1.0 forbids. */
function escapeXml(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: this finds and removes them
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replace(/[&<>"']/g, (character) => entities[character] ?? '')
  );
}
