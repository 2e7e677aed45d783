import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pages } from '../../cli/command.ts';
import { runAt } from '../../faults/pstraceAt.ts';
import { changeAt, scene } from './scene.ts';

/** Changes of route as `data/changes.ndjson` tells them. */
function changesIn(out: string): Record<string, unknown>[] {
  const lines = readFileSync(join(out, 'data/changes.ndjson'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line)).filter((change) => change.class === 'inter_as');
}

/** Samples after the change, as each page that tells of a verdict has them. */
function samplesIn(out: string): Set<number> {
  const verdictPages = [...pages(out)].filter(([path]) =>
    /changes\.html$|history\.html$/.test(path),
  );
  expect(verdictPages).toHaveLength(3);
  return new Set(
    verdictPages.flatMap(([, body]) =>
      [...body.matchAll(/12 samples before and (\d+) after/g)].map(([, after]) => Number(after)),
    ),
  );
}

/** When the feed, its newest entry and the feed of a test say that something was last new. */
function updatesIn(out: string): string[] {
  const feeds = [...pages(out)].filter(([path]) => path.endsWith('feed.xml'));
  return [...new Set(feeds.map(([, body]) => body.match(/<updated>[^<]+/g)?.join() ?? ''))].sort();
}

test('the verdict on a route grows with the samples of it, on the pages too, without another mail', async () => {
  const { box, at, args } = await scene(2);
  await runAt(changeAt - 60, args);
  const seen: Set<number>[] = [];
  const updates: string[][] = [];
  for (const minutes of [15, 45, 75, 145, 200]) {
    expect((await runAt(changeAt + minutes * 60, args)).code).toBe(0);
    seen.push(samplesIn(at.out));
    updates.push(updatesIn(at.out));
  }
  expect(seen).toEqual([2, 4, 6, 12, 12].map((count) => new Set([count])));
  expect(new Set(updates.slice(0, 4).flat()).size).toBe(updates.slice(0, 4).flat().length);
  expect(updates[4]).toEqual(updates[3]);
  expect(box.received.map(({ mail }) => mail.text)).toEqual([
    expect.stringContaining('12 samples before and 4 after'),
  ]);
});

test('a route that turns out to be worse causes another notification, with the new verdict', async () => {
  const { box, at, args } = await scene(2, {}, changeAt + 1800);
  await runAt(changeAt - 60, args);
  for (const minutes of [20, 40, 80, 130, 200]) await runAt(changeAt + minutes * 60, args);
  expect(box.received.map(({ mail }) => mail.subject)).toEqual([
    expect.stringMatching(/^\[pstrace\] moderate: AS path changed/),
    expect.stringMatching(
      /^Re: \[pstrace\] moderate: AS path changed.* \(update: major, \+\d.* 2 tests\)$/,
    ),
  ]);
  const [first, second] = box.received.map(({ mail }) => mail);
  expect(first?.text).toContain('Probably no measurable effect');
  expect(second?.text).toMatch(/Worse: RTT \+\d/);
  expect(second?.inReplyTo).toBe(first?.messageId);
  for (const change of changesIn(at.out))
    expect(change).toMatchObject({
      severity: 'major',
      verdict: 'worse',
      rttAfterMs: expect.closeTo(32.5, 0),
    });
});
