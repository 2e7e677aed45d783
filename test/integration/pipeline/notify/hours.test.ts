import { expect, test } from 'vitest';
import { runAt } from '../../faults/pstraceAt.ts';
import { changeAt, scene } from './scene.ts';

/** The change is at 12:00 UTC, and of severity major. */
const config = `
  [[recipient]]
  name = "digest"
  to = "digest@example.org"
  alert_from = "critical"
  digest_from = "moderate"
  digest_at = "13:30"
  [[recipient]]
  name = "asleep"
  to = "asleep@example.org"
  digest_from = "off"
  quiet = "20:00-22:30"
  time_zone = "Asia/Tokyo"
`;

test('quiet hours and the digest go by the clock of the recipient', async () => {
  const { box, args } = await scene(2, {}, changeAt, config);
  await runAt(changeAt - 60, args);
  const deliveries: string[] = [];
  for (const minutes of [60, 85, 95, 100, 220]) {
    const before = box.received.length;
    expect((await runAt(changeAt + minutes * 60, args)).code).toBe(0);
    const fresh = box.received.slice(before);
    deliveries.push(
      fresh
        .map(({ to, mail }) => `${to} ${mail.subject}`)
        .sort()
        .join('; '),
    );
  }
  const major = String.raw`\[pstrace\] major: AS path changed.*2 tests`;
  expect(deliveries).toEqual([
    expect.stringMatching(`^noc@example.org ${major}$`),
    '',
    expect.stringMatching(
      `^asleep@example.org ${major}; digest@example.org \\[pstrace\\] digest: 1 major$`,
    ),
    '',
    '',
  ]);
  const digest = box.received.find(({ to }) => to.includes('digest@example.org'))?.mail;
  expect(digest?.inReplyTo).toBeUndefined();
  expect(digest?.text).toContain('AS path changed');
});
