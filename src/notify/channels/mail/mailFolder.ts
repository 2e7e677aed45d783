import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SentMessageInfo, Transport } from 'nodemailer';
import { builtMailTransport } from './builtMail.ts';

/**
 * A transport that sends nothing: it writes each mail to the folder as `<time>-<digest>.eml`, which
 * mail programs open. The same mail gives the same file.
 */
export function folderTransport(folder: string): Transport<SentMessageInfo> {
  return builtMailTransport('folder', async (bytes, { data }) => {
    const name = `${stamp(data.date)}-${digest(String(data.messageId))}.eml`;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), bytes);
    return name;
  });
}

/** 20261121T005809Z */
function stamp(date: unknown): string {
  return new Date(String(date)).toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
