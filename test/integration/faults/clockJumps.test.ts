import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { pages } from '../cli/command.ts';
import { changeAt, scene } from '../pipeline/notify/scene.ts';
import { contentOf } from './outcome.ts';
import { runAt } from './pstraceAt.ts';

vi.setConfig({ testTimeout: 240_000 });

const good = { code: 0, stdout: '', stderr: '' };
const hour = 3600;
const year = 365 * 24 * hour;

/**
 * When the clock is right: before a change of route, during it, and after it is over. Half an hour
 * apart, so that an hour back is well before the run before: by less than ten minutes, the clocks
 * of right hosts differ too.
 */
const moments = Array.from({ length: 12 }, (_, index) => changeAt + (index - 1) * 0.5 * hour);

/** The clock of a run instead of the real time. */
const jumps = {
  'in 1970': () => 600,
  'ten years ahead': (real: number) => real + 10 * year,
  'an hour back': (real: number) => real - hour,
  'a month back': (real: number) => real - 30 * 24 * hour,
};
type Jump = keyof typeof jumps;

test('whatever the clock did between, traces, changes and mails are those of a clock that was right', async () => {
  const { box, archive, another } = await scene(2);

  /**
   * Runs at all moments, and before them at the jumps of each. `tellsTime`: the archive sends its
   * time. Returns everything that users and later runs see.
   */
  async function play(course: readonly (readonly Jump[])[], tellsTime: boolean) {
    const { at, args } = another();
    const sent = box.received.length;
    for (const [index, real] of moments.entries()) {
      archive.tellTime(tellsTime ? real : null);
      for (const [count, name] of (course[index] ?? []).entries()) {
        const { code, stderr } = await runAt(jumps[name](real - 120), args);
        expect(code, name).toBe(1);
        expect(stderr === '', name).toBe(count > 0);
      }
      expect(await runAt(real, args)).toEqual(good);
    }
    const records = contentOf(at.state).filter((line) => !line.startsWith('{"record":"run"'));
    const mails = box.received.slice(sent).map(({ mail: { subject, text, messageId } }) => {
      return { subject, text, messageId };
    });
    return { records, changes: pages(at.out).get('data/changes.ndjson'), mails };
  }

  const undisturbed = await play([], true);
  expect(undisturbed.mails.length).toBeGreaterThan(0);
  const names = Object.keys(jumps) as Jump[];
  const detours = fc.array(fc.constantFrom(...names), { maxLength: 2 });
  const courses = fc.array(detours, { minLength: moments.length, maxLength: moments.length });
  await fc.assert(
    fc.asyncProperty(courses, fc.boolean(), async ([, ...course], tellsTime) => {
      // The first run has nothing to compare its clock with.
      expect(await play([[], ...course], tellsTime)).toEqual(undisturbed);
    }),
    { numRuns: 2, endOnFailure: true },
  );
});
