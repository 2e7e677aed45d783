import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openStore } from '../../../../src/store/open.ts';
import { reply } from '../../../helpers/notify/mailbox.ts';
import { pages, pstrace } from '../../cli/command.ts';
import { runAt } from '../../faults/pstraceAt.ts';
import { changeAt, scene } from './scene.ts';

const hidesSources = '[publish]\nmask = ["192.0.2.0/24"]';

/** What somebody can work out who guesses the hosts: digests of the ids of tests, changes, incidents and messages. */
function guessable(state: string): string[] {
  const store = openStore(state, changeAt + 7200, 'read');
  const incidents = store.incidents.since(0);
  const ids = [
    ...store.tests().flatMap(({ id, archive, key }) => [id, `${archive}\n${key}`]),
    ...incidents.flatMap(({ id, members }) => [id, ...members.map(({ changeId }) => changeId)]),
    ...store.outbox.log(0).map(({ key }) => key),
  ];
  store.close();
  return ids.map((id) => createHash('sha256').update(id).digest('hex').slice(0, 8));
}

test('where hosts are hidden no digest of their names or ids leaves the host, by which a guess could be tried', async () => {
  const { box, at, args } = await scene(2, {}, changeAt, hidesSources);
  await runAt(changeAt - 60, args);
  await runAt(changeAt + 5400, args);
  const [mail] = box.received;
  const published = [...pages(at.out)].map(([path, body]) => `${path}\n${body}`).join('\n');
  const text = `${published}\n${mail?.source}`;
  expect(mail?.mail.text).toMatch(/masked-[a-z2-7]{8}/);
  expect(guessable(at.state)).toHaveLength(8);
  expect(guessable(at.state).filter((digest) => text.includes(digest))).toEqual([]);
  const [, code = ''] = /pstrace ack ([\da-f]{8})/.exec(mail?.mail.text ?? '') ?? [];
  const answer = await pstrace('ack', code, ...at.options.slice(2));
  expect(answer).toMatchObject({ code: 0, stdout: expect.stringMatching(`^${code} `) });
});

test('a mail that waits when hosts become hidden is sent without them', async () => {
  let isBusy = true;
  const onRecipient = () => {
    if (isBusy) throw reply(451, 'try later');
  };
  const { box, args } = await scene(2, { onRecipient });
  await runAt(changeAt - 60, args);
  expect((await runAt(changeAt + 5400, args)).code).toBe(75);
  const config = args[args.indexOf('--config') + 1] ?? '';
  writeFileSync(config, `${readFileSync(config, 'utf8')}\n${hidesSources}\n`);
  const preview = await runAt(changeAt + 5500, [...args, '--dry-run']);
  isBusy = false;
  expect((await runAt(changeAt + 7200, args)).code).toBe(0);
  const [received] = box.received;
  const texts = [preview.stdout, received?.mail.text, received?.mail.html];
  for (const text of texts) {
    expect(text).toMatch(/masked-[a-z2-7]{8}/);
    expect(text).not.toMatch(/192\.0\.2\.|192-0-2-|ps-\d\.example\.net/);
  }
});
