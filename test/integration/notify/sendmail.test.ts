import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { expect, test } from 'vitest';
import { ForeignText } from '../../../src/model/foreignText.ts';
import { mailBody } from '../../../src/notify/channels/mail/mailBody.ts';
import { mailChannel } from '../../../src/notify/channels/mail/mailChannel.ts';
import { createTestMessage } from '../../../src/notify/message/createMessage.ts';
import { context, recipientOf, ten } from '../../helpers/notify/samples.ts';
import { tempDir } from '../../helpers/tempDir.ts';

/** Sends a test alert through a program in place of sendmail. */
function send(path: string) {
  const channel = mailChannel({
    server: { kind: 'sendmail', path },
    from: 'pstrace <alerts@example.org>',
    addresses: new Map([['noc', 'noc@example.org']]),
  });
  const body = JSON.stringify(mailBody(createTestMessage(recipientOf(), context), []));
  const entry = { key: 'k', recipient: 'noc', messageId: '<x@example.org>', plannedAt: ten, body };
  return channel.send(entry, new AbortController().signal);
}

function program(script: string): string {
  const path = join(tempDir(), 'sendmail');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

test('sendmail gets the mail and the addresses', async () => {
  const folder = tempDir();
  const path = program(`echo "$@" > ${folder}/arguments; cat > ${folder}/mail`);
  expect(await send(path)).toMatchObject({ outcome: 'accepted' });
  expect(readFileSync(join(folder, 'arguments'), 'utf8')).toBe(
    '-i -f alerts@example.org noc@example.org\n',
  );
  const mail = await PostalMime.parse(readFileSync(join(folder, 'mail')));
  expect(mail.subject).toBe('[pstrace] test alert');
});

test('a failure of sendmail keeps the mail and tries the others', async () => {
  expect(await send(program('cat > /dev/null; exit 75'))).toMatchObject({
    outcome: 'rejected',
    reason: 'sendmail failed',
    detail: new ForeignText('Sendmail exited with code 75'),
    isPermanent: false,
    isChannelDown: false,
  });
});

test('a missing sendmail keeps the mail', async () => {
  const path = join(tempDir(), 'none');
  expect(existsSync(path)).toBe(false);
  expect(await send(path)).toMatchObject({ outcome: 'rejected', isChannelDown: true });
});
