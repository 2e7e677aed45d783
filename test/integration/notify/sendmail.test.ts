import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { expect, test } from 'vitest';
import { ForeignText } from '../../../src/model/run/foreignText.ts';
import { mailBody } from '../../../src/notify/channels/mail/mailBody.ts';
import { mailChannel } from '../../../src/notify/channels/mail/mailChannel.ts';
import { createTestMessage } from '../../../src/notify/message/createMessage.ts';
import { context, recipientOf, ten } from '../../helpers/notify/samples.ts';
import { tempDir } from '../../helpers/tempDir.ts';

/** Sends a test alert through a program in place of sendmail. */
function send(path: string, signal = new AbortController().signal, text = '') {
  const channel = mailChannel({
    server: { kind: 'sendmail', path, environment: { PATH: '/usr/bin:/bin' }, timeoutSeconds: 1 },
    from: 'pstrace <alerts@example.org>',
    contact: 'alerts@example.org',
    addresses: new Map([['noc', 'noc@example.org']]),
  });
  const message = createTestMessage(recipientOf(), context);
  const body = JSON.stringify(mailBody({ ...message, headline: message.headline + text }, []));
  const entry = { key: 'k', recipient: 'noc', messageId: '<x@example.org>', plannedAt: ten, body };
  return channel.send(entry, signal);
}

function program(script: string): string {
  const path = join(tempDir(), 'sendmail');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** The processes of a group that have not ended. */
function runningInGroup(group: number): string[] {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.filter((id) => {
    const path = `/proc/${id}/stat`;
    if (!existsSync(path)) return false;
    const [state, , ownGroup] = readFileSync(path, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return Number(ownGroup) === group && state !== 'Z';
  });
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

test.each([
  ['that does not end', 'sleep 30'],
  ['that ignores SIGTERM', 'trap "" TERM; cat > /dev/null; sleep 30; sleep 30'],
  ['whose child keeps its output open', 'cat > /dev/null; sleep 30 & wait'],
])('a sendmail %s is ended with all its children after the time limit', async (_case, script) => {
  const pids = join(tempDir(), 'pids');
  const began = performance.now();
  const result = await send(program(`echo $$ > ${pids}; ${script}`));
  expect(performance.now() - began).toBeLessThan(4000);
  expect(result).toMatchObject({ outcome: 'rejected', isPermanent: false, isChannelDown: true });
  await expect.poll(() => runningInGroup(Number(readFileSync(pids, 'utf8')))).toEqual([]);
});

test('an interruption ends a sendmail that does not end', async () => {
  const abort = new AbortController();
  const began = performance.now();
  setTimeout(() => abort.abort(new Error('interrupted')), 200);
  await expect(send(program('cat > /dev/null; sleep 30'), abort.signal)).rejects.toThrow(
    'interrupted',
  );
  expect(performance.now() - began).toBeLessThan(3000);
});

test('a sendmail that does not read the mail has not sent it', async () => {
  const never = new AbortController().signal;
  const result = await send(program('exit 0'), never, 'long '.repeat(1e6));
  expect(result).toMatchObject({ outcome: 'rejected' });
});

test('a missing sendmail keeps the mail', async () => {
  const path = join(tempDir(), 'none');
  expect(existsSync(path)).toBe(false);
  expect(await send(path)).toMatchObject({ outcome: 'rejected', isChannelDown: true });
});
