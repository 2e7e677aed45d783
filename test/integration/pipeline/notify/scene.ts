import { onTestFinished } from 'vitest';
import type { ArchiveServer } from '../../../helpers/archiveServer.ts';
import { eventType, type FakeTest, hop, metadata } from '../../../helpers/fakeArchive.ts';
import { type Behavior, type Mailbox, openMailbox } from '../../../helpers/notify/mailbox.ts';
import { type Place, place } from '../../cli/command.ts';
import { keyOf, serve } from '../mesh.ts';

/** Spacing of the results, seconds. */
const spacing = 600;
/** 2026-11-20 12:00:00 UTC: the routes change. */
export const changeAt = 1795176000;
/** They change back four hours later. */
export const backAt = changeAt + 4 * 3600;

/** Hours before a change that the archive knows, and after the way back. */
const [hoursBefore, hoursAfter] = [30, 6];

/**
 * Tests from 192.0.2.n over one AS to 203.0.113.9, which all go by another AS, and 20 ms longer, from `changeAt` to `backAt`. The
 * archive knows all of it from the beginning: how much a run sees, its clock tells.
 */
function changingMesh(tests: number, slowAt: number): FakeTest[] {
  return Array.from({ length: tests }, (_, index) => changingTest(index + 1, slowAt));
}

function changingTest(number: number, slowAt: number): FakeTest {
  const count = ((hoursBefore + hoursAfter) * 3600 + (backAt - changeAt)) / spacing;
  const from = changeAt - hoursBefore * 3600 + number * 7;
  const times = Array.from({ length: count }, (_, index) => from + index * spacing);
  return {
    metadata: metadata({
      'metadata-key': keyOf(number),
      source: `192.0.2.${number}`,
      'input-source': `ps-${number}.example.net`,
      'event-types': [eventType('packet-trace', 2e9)],
    }),
    results: { 'packet-trace': times.map((ts) => ({ ts, val: hopsAt(number, ts, slowAt) })) },
  };
}

function hopsAt(number: number, ts: number, slowAt: number): Record<string, unknown>[] {
  const isAway = ts >= changeAt && ts < backAt;
  const isSlow = isAway && ts >= slowAt;
  const jitter = (ts % 97) / 100;
  const far = isSlow ? 31 : 11;
  const rows: [ip: string, rtt: number, as: number][] = [
    [`198.51.100.${number}`, 1, 64_500],
    [isAway ? '198.51.100.141' : '198.51.100.101', isSlow ? 29 : 9, isAway ? 64_502 : 64_501],
    [isAway ? '198.51.100.145' : '198.51.100.105', isSlow ? 30 : 10, isAway ? 64_502 : 64_501],
    ['203.0.113.1', far, 64_503],
    ['203.0.113.9', far + 1, 64_503],
  ];
  return rows.map(([ip, rtt, as], index) => ({
    ...hop(index + 1, ip, rtt + jitter),
    as: { number: as, owner: `EXAMPLE-${as}, ZZ` },
  }));
}

/** A mesh in an archive, a mail server, and a place with a recipient there. */
export interface Scene {
  readonly box: Mailbox;
  readonly archive: ArchiveServer;
  /** Another place with the same archive and mail server, and the arguments of a run there. */
  another(): Pick<Scene, 'at' | 'args'>;
  readonly at: Place;
  /** Arguments of a run. */
  readonly args: readonly string[];
  /** The same for another period. */
  over(period: string): readonly string[];
  /** The archive has no results of a time (epoch seconds) any more, or not yet; null: it has all. */
  withhold(span: { readonly from: number; readonly to: number } | null): void;
}

/** Text of a configuration with one recipient of everything, at a mail server on this host. */
function alertConfig(port: number, more = ''): string {
  return `
    [http]
    retries = 0
    timeout = "5s"
    [site]
    url = "https://ps.example.org/"
    [alerts]
    time_zone = "UTC"
    [email]
    server = "127.0.0.1"
    port = ${port}
    security = "none"
    from = "pstrace@example.org"
    timeout = "2s"
    ${more}
    [[recipient]]
    name = "noc"
    to = ["noc@example.org"]
    digest_from = "off"
    `;
}

/**
 * Opens the scene; all of it is closed when the test has finished. The other AS takes longer from `slowAt` on (epoch seconds); `more`
 * settings of the mail server, and of what comes behind it.
 */
export async function scene(
  tests = 4,
  behavior: Behavior = {},
  slowAt = changeAt,
  more = '',
): Promise<Scene> {
  const box = await openMailbox(behavior);
  onTestFinished(() => box.close());
  const whole = changingMesh(tests, slowAt);
  const held = [...whole];
  const archive = await serve(held);
  const settle = () => {
    const at = place(alertConfig(box.port, more));
    const over = (period: string) => [archive.base, period, ...at.options];
    return { at, over, args: over('40h') };
  };
  const { at, over, args } = settle();
  return {
    box,
    archive,
    another: settle,
    at,
    args,
    over,
    withhold: (span) => {
      held.splice(
        0,
        held.length,
        ...whole.map((test) => (span === null ? test : without(test, span))),
      );
    },
  };
}

function without(
  { metadata: facts, results = {} }: FakeTest,
  { from, to }: { readonly from: number; readonly to: number },
): FakeTest {
  const kept = Object.entries(results).map(([type, all]) => [
    type,
    all.filter(({ ts }) => Number(ts) < from || Number(ts) > to),
  ]);
  return { metadata: facts, results: Object.fromEntries(kept) };
}
