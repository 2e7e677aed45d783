import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import PostalMime, { type Email } from 'postal-mime';
import { expect, inject, test } from 'vitest';
import { pages } from '../../integration/cli/command.ts';

const { folder, state, stdout } = inject('demoSite');
const box = join(state, 'mail');

function readMails(): Promise<Email[]> {
  const names = readdirSync(box).sort();
  return Promise.all(names.map((name) => PostalMime.parse(readFileSync(join(box, name)))));
}

/** Incidents that the scenario of the demo must cause, and whether it includes their ends. */
const expectedAlerts: readonly [subject: RegExp, ends: boolean][] = [
  [/major: AS path changed, .*(lon\.eurobeam|nyc\.amerilight)/, true],
  [/critical: unreachable, host Tejomar Ocean Institute/, true],
  [/flapping.*cr1\.zrh\.helvia/, true],
  [/moderate: path MTU dropped, .*lakewood/i, false],
  [/moderate: RTT shifted, .*oceana/, false],
  [/moderate: route changed inside an AS, (Fjordvik.* ↔ Lumipuro|Lumipuro.* ↔ Fjordvik)/, false],
  [/moderate: no more results, Lakewood State → Hoshino Tech/, false],
  [/critical: unreachable, host Lumipuro Observatory/, false],
];

test('every notable event of the demo and its end are each mailed once, with valid links', async () => {
  const mails = await readMails();
  expect(stdout).toContain(`${box}: ${mails.length} mails`);
  const [digests = [], alerts = []] = [true, false].map((isDigest) =>
    mails.filter(
      ({ inReplyTo, subject = '' }) =>
        inReplyTo === undefined && subject.includes('] digest: ') === isDigest,
    ),
  );
  const ends = mails.filter(({ subject }) => /recovered after/.test(subject ?? ''));
  for (const [subject, isOver] of expectedAlerts) {
    const found = alerts.filter((mail) => subject.test(mail.subject ?? ''));
    expect(found, `${subject}`).toHaveLength(1);
    const answers = ends.filter(({ inReplyTo }) => inReplyTo === found[0]?.messageId);
    expect(answers, `${subject}`).toHaveLength(isOver ? 1 : 0);
  }
  expect(alerts).toHaveLength(expectedAlerts.length);
  // Two incidents are open at eight in the morning.
  expect(digests.map(({ subject }) => subject)).toEqual(['[pstrace demo] digest: 2 moderate']);
  expect(mails).toHaveLength(
    expectedAlerts.filter(([, isOver]) => isOver).length + expectedAlerts.length + digests.length,
  );
  expectLinks(mails, folder);
});

/** Every link of the mails leads to a page that is there, and to a place on it. */
function expectLinks(mails: readonly Email[], out: string): void {
  const site = pages(out);
  const links = mails.flatMap(({ text = '' }) => text.match(/file:\S+/g) ?? []);
  expect(links.length).toBeGreaterThan(mails.length);
  for (const link of new Set(links)) {
    const url = new URL(link);
    const id = decodeURIComponent(url.hash.slice(1));
    url.hash = '';
    const page = site.get(fileURLToPath(url).slice(out.length + 1));
    expect(page, link).toBeDefined();
    if (id !== '') expect(page, link).toContain(`id="${id}"`);
  }
}
