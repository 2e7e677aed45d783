import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { reply } from '../../../helpers/notify/mailbox.ts';
import type { Ended } from '../../cli/command.ts';
import { pages, pstrace } from '../../cli/command.ts';
import { runAt, startAt } from '../../faults/pstraceAt.ts';
import { backAt, changeAt, scene } from './scene.ts';

/** The runs as data, newest first, and what the page says of alerts. */
const runsOn = (out: string) =>
  JSON.parse(readFileSync(join(out, 'data/status.json'), 'utf8')).runs;
const alertsOn = (out: string) =>
  /<dt>Notifications<\/dt><dd>(.*?)<\/dd>/.exec(
    readFileSync(join(out, 'status.html'), 'utf8'),
  )?.[1];

const good: Ended = { code: 0, stdout: '', stderr: '' };

describe('a mesh whose routes change and come back', () => {
  test('causes one mail, and its end another one in the same thread', async () => {
    const { box, args } = await scene();
    expect(await runAt(changeAt - 60, args)).toEqual(good);
    expect(box.received).toEqual([]);
    expect(await runAt(changeAt + 3600, args)).toEqual(good);
    expect(await runAt(changeAt + 5400, args)).toEqual(good);
    expect(box.received.map(({ mail }) => mail.subject)).toEqual([
      expect.stringMatching(/^\[pstrace\] major: AS path changed.*4 tests$/),
    ]);
    expect(await runAt(backAt + 3600, args)).toEqual(good);
    expect(await runAt(backAt + 7200, args)).toEqual(good);
    expect(box.received).toHaveLength(2);
    const [alert, end] = box.received.map(({ mail }) => mail);
    expect(end?.subject).toMatch(/^Re: \[pstrace\] major: AS path changed.*\(recovered after 4 h/);
    expect(end?.subject?.startsWith(`Re: ${alert?.subject} (`)).toBe(true);
    expect(end?.inReplyTo).toBe(alert?.messageId);
    expect(alert?.text).toContain('https://ps.example.org/');
    expect(alert?.text).toMatch(/198\.51\.100\.101.*9\.\d+ ms/);
  });

  test('causes no mail in the first run, however much it finds in the past', async () => {
    const { box, at, args } = await scene();
    expect(await runAt(backAt + 3600, args)).toEqual(good);
    expect(await runAt(backAt + 7200, args)).toEqual(good);
    expect(box.received).toEqual([]);
    const lines = readFileSync(join(at.out, 'data/changes.ndjson'), 'utf8').trim().split('\n');
    const classes = lines.map((line) => JSON.parse(line).class);
    expect(classes.filter((found) => found === 'inter_as')).toHaveLength(4);
    expect(classes.filter((found) => found === 'recovered')).toHaveLength(4);
    const { incidents } = JSON.parse(readFileSync(join(at.out, 'data/incidents.json'), 'utf8'));
    expect(incidents).toMatchObject([{ status: 'recovered', tests: 4, severity: 'major' }]);
  });

  test('is found equally in one run and in many', async () => {
    const [whole, parts] = [await scene(), await scene()];
    await runAt(changeAt - 60, whole.args);
    await runAt(backAt + 7200, whole.args);
    for (let now = changeAt - 60; now <= backAt + 7200; now += 1800) await runAt(now, parts.args);
    await runAt(backAt + 7200, parts.args);
    const found = (out: string) => readFileSync(join(out, 'data/changes.ndjson'), 'utf8');
    const idsOf = (text: string) =>
      text.replace(/127\.0\.0\.1:\d+/g, '').replace(/_[\da-f]{12}/g, '');
    expect(idsOf(found(parts.at.out))).toBe(idsOf(found(whole.at.out)));
  });

  test('a dry run shows the pending messages, and neither sends nor stores anything', async () => {
    const { box, at, args } = await scene();
    await runAt(changeAt - 60, args);
    const before = pages(at.out);
    const { code, stdout } = await runAt(changeAt + 3600, [...args, '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^To: noc:noc@example\.org\nSubject: \[pstrace\] major: AS path changed/,
    );
    expect(box.connections()).toBe(0);
    expect(pages(at.out)).toEqual(before);
    expect(await runAt(changeAt + 3600, args)).toEqual(good);
    expect(box.received).toHaveLength(1);
    const { runs } = JSON.parse(readFileSync(join(at.out, 'data/status.json'), 'utf8'));
    expect(runs.map(({ startedAt }: { startedAt: number }) => startedAt)).toEqual([
      changeAt + 3600,
      changeAt - 60,
    ]);
  });
});

describe('a dry run with nothing to send', () => {
  test('says so, and leaves no database where there was none', async () => {
    const { box, at, args } = await scene();
    const { code, stdout } = await runAt(changeAt - 60, [...args, '--dry-run']);
    expect([code, stdout]).toEqual([0, 'A run would send nothing.\n']);
    expect(box.connections()).toBe(0);
    expect([at.state, at.out].filter(existsSync)).toEqual([]);
  });

  test('names the reason if there is no recipient', async () => {
    const { at, args } = await scene(1);
    writeFileSync(at.options.at(-1) ?? '', '');
    const { stdout } = await runAt(changeAt - 60, [...args, '--dry-run']);
    expect(stdout).toBe('A run would send nothing: the configuration has no recipient.\n');
  });
});

describe('a mail server that rejects the mail', () => {
  test('is reported, the run writes the pages and exits with 75, and a later run delivers once', async () => {
    let isDown = true;
    const { box, at, args } = await scene(2, {
      onRecipient: () => {
        if (isDown) throw reply(451, 'try later');
      },
    });
    await runAt(changeAt - 60, args);
    const failed = await runAt(changeAt + 3600, args);
    expect(failed.code).toBe(75);
    expect(failed.stderr).toContain('try later');
    expect(readFileSync(join(at.out, 'data/changes.ndjson'), 'utf8')).toContain('inter_as');
    const waiting = await runAt(changeAt + 3660, args);
    expect(waiting.code).toBe(75);
    expect(waiting.stderr).toContain('1 notification could not be delivered yet');
    // A page shows the deliveries up to the run before.
    expect(runsOn(at.out)[1]).toMatchObject({ outcome: 'partial', problems: [{}] });
    expect(alertsOn(at.out)).toBe('0 sent within 24 h, 1 waiting when this page was generated');
    isDown = false;
    expect(await runAt(changeAt + 5400, args)).toEqual(good);
    expect(await runAt(changeAt + 6000, args)).toEqual(good);
    expect(alertsOn(at.out)).toBe('1 sent within 24 h');
    expect(runsOn(at.out)[1]).toMatchObject({ outcome: 'ok', problems: [] });
    const shown = pages(at.out);
    await pstrace('render', ...at.options);
    expect(pages(at.out)).toEqual(shown);
    expect(box.received).toHaveLength(1);
    const status = readFileSync(join(at.out, 'data/status.json'), 'utf8');
    expect(status).toContain('(SMTP status 451)');
    expect(status).not.toContain('try later');
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('does not hold up %s, and gets the mail from a later run', async (signal, exit) => {
    let stalled: (() => void) | null = null;
    const { box, at, args } = await scene(2, {
      onMessage: () =>
        stalled === null ? undefined : new Promise<void>(() => (stalled as () => void)()),
    });
    await runAt(changeAt - 60, args);
    const arrived = Promise.withResolvers<void>();
    stalled = arrived.resolve;
    const run = startAt(changeAt + 3600, args);
    await arrived.promise;
    run.process.kill(signal);
    const { code, stderr } = await run.ended;
    expect({ code, stderr }).toEqual({
      code: exit,
      stderr: `pstrace: warning: Stopped by ${signal}.\n`,
    });
    expect(readFileSync(join(at.out, 'data/changes.ndjson'), 'utf8')).toContain('inter_as');
    stalled = null;
    expect(await runAt(changeAt + 5400, args)).toEqual(good);
    expect(box.received).toHaveLength(1);
  });

  test('is named when nothing listens there', async () => {
    const { box, at, args } = await scene(2);
    await runAt(changeAt - 60, args);
    await box.close();
    const { code, stderr } = await runAt(changeAt + 3600, args);
    expect(code).toBe(75);
    expect(stderr).toContain(`Notifications cannot be delivered`);
    expect(stderr).toContain(`127.0.0.1:${box.port}`);
    expect(readFileSync(join(at.out, 'index.html'), 'utf8')).toContain('incident');
  });
});
