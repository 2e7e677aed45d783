import { http } from 'msw';
import { type ArchiveServer, startArchiveServer } from '../helpers/archiveServer.ts';
import {
  basePath,
  eventType,
  type FakeTest,
  fakeArchive,
  hop,
  metadata,
} from '../helpers/fakeArchive.ts';
import type { Random } from './random.ts';

/** 2026-11-20 00:00:00 UTC. */
export const start = 1_795_132_800;
export const hour = 3600;
export const day = 24 * hour;
/** Interval of the results, seconds. */
const spacing = 1800;

/** Something that happens to the route of a test from `from` until `until`, epoch seconds. */
interface Episode {
  readonly kind: 'otherAs' | 'otherRouter' | 'unreachable' | 'slow';
  readonly from: number;
  readonly until: number;
}

/** A fault of an archive: the response instead of the right one. */
export type ArchiveFault = () => Response | undefined | Promise<undefined>;

/** A mesh of two archives, and all that happens in it. */
export interface World {
  readonly bases: readonly string[];
  /** Lets the archives hold the results up to `now` (epoch seconds), without those after `until`. */
  show(now: number, until?: number): void;
  /** Sets the fault of each archive; undefined: none. */
  fail(faults: readonly (ArchiveFault | undefined)[]): void;
  close(): Promise<void>;
}

const testsPerArchive = 3;

/** Starts the archives of a mesh in which every test has an episode every few days. */
export async function createWorld(random: Random, days: number): Promise<World> {
  const episodes = Array.from({ length: 2 * testsPerArchive }, () => planEpisodes(random, days));
  const held: FakeTest[][] = [[], []];
  let faults: readonly (ArchiveFault | undefined)[] = [];
  const servers: ArchiveServer[] = [];
  for (const [index, tests] of held.entries()) {
    const faulty = http.all('*', () => faults[index]?.());
    servers.push(await startArchiveServer([faulty, ...fakeArchive(tests)]));
  }
  return {
    bases: servers.map(({ url }) => `${url}${basePath}`),
    show(now, until = now) {
      for (const server of servers) server.tellTime(now);
      for (const [archive, tests] of held.entries()) {
        const shown = Array.from({ length: testsPerArchive }, (_, index) => {
          const number = archive * testsPerArchive + index;
          return testAt(number, episodes[number] ?? [], until);
        });
        tests.splice(0, tests.length, ...shown);
      }
    },
    fail(next) {
      faults = next;
    },
    close: async () => {
      for (const server of servers) await server.close();
    },
  };
}

function planEpisodes(random: Random, days: number): Episode[] {
  const episodes: Episode[] = [];
  const kinds = ['otherAs', 'otherRouter', 'unreachable', 'slow'] as const;
  for (let at = start + random.between(24, 96) * hour; at < start + days * day; ) {
    const until = at + random.between(18, 40) * hour;
    episodes.push({ kind: random.pick(kinds), from: at, until });
    at = until + random.between(24, 96) * hour;
  }
  return episodes;
}

/** A test with the results of the last two days before `until`. */
function testAt(number: number, episodes: readonly Episode[], until: number): FakeTest {
  const offset = number * 97;
  const first = Math.ceil((until - 2 * day - offset) / spacing);
  const count = Math.floor((until - offset) / spacing) - first + 1;
  const times = Array.from({ length: count }, (_, index) => (first + index) * spacing + offset);
  return {
    metadata: metadata({
      'metadata-key': String(number).padStart(32, '0'),
      source: `192.0.2.${number + 1}`,
      'input-source': `ps-${number + 1}.example.net`,
      'event-types': [eventType('packet-trace', 2e9), eventType('failures', 2e9)],
    }),
    results: {
      'packet-trace': times.map((ts) => ({ ts, val: hopsAt(number, ts, episodes) })),
      failures: times
        .filter((ts) => Math.floor(ts / spacing) % 61 === number)
        .map((ts) => ({ ts: ts + 300, val: { error: 'connect: Network is unreachable' } })),
    },
  };
}

function hopsAt(number: number, ts: number, episodes: readonly Episode[]) {
  const kind = episodes.find(({ from, until }) => ts >= from && ts < until)?.kind;
  const far = kind === 'slow' ? 45 : 11;
  const as = kind === 'otherAs' ? 64_502 : 64_501;
  const router = kind === 'otherAs' ? 141 : kind === 'otherRouter' ? 121 : 101;
  const rows: [ip: string, rtt: number, as: number][] = [
    [`198.51.100.${number + 1}`, 1, 64_500],
    [`198.51.100.${router}`, 9, as],
    [`198.51.100.${router + 4}`, 10, as],
    ['203.0.113.1', far, 64_503],
    ['203.0.113.9', far + 1, 64_503],
  ];
  const reached = kind === 'unreachable' ? rows.slice(0, 2) : rows;
  return reached.map(([ip, rtt, asn], index) => ({
    ...hop(index + 1, ip, rtt + ((ts / spacing) % 7) / 10),
    as: { number: asn, owner: `EXAMPLE-${asn}, ZZ` },
  }));
}
