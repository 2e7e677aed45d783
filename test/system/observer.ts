import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { type Mailbox, openMailbox } from '../helpers/notify/mailbox.ts';
import type { Lab } from './lab.ts';
import { asList, source, target } from './network.ts';

/** The tools that measure the route. Each has its own test. */
export type Tool = 'mtr' | 'traceroute' | 'tracepath';

/** The fields of `data/tests/<id>.json` that the scenario checks. */
export interface TestData {
  readonly test: { readonly tool: Tool; readonly id: string };
  readonly state: string;
  readonly rttMs: number | null;
  readonly traces: number;
  readonly latest: {
    readonly reached: boolean;
    readonly pathMtu: number | null;
    readonly hops: readonly { readonly ttl: number; readonly address: string | null }[];
  };
  readonly routePeriods: readonly { readonly asPath: readonly number[] }[];
}

/** The fields of a line of `data/changes.ndjson` that the scenario checks. */
export interface ChangeData {
  readonly class: string;
  readonly testId: string;
}

/** The results of pstrace after some measurements. */
export interface Observation {
  readonly tests: Readonly<Record<Tool, TestData>>;
  /** Changes since the last observation, newest first. */
  readonly changes: readonly ChangeData[];
  /** Paths of existing files of the site to which the mails since then link. */
  readonly linked: readonly string[];
  /** Mails since then. */
  readonly mails: readonly { readonly subject: string; readonly text: string }[];
}

/** Measures with real tools and runs pstrace on the results. */
export interface Observer {
  /** Takes samples, ten minutes apart in pstrace's time, and runs pstrace. */
  observe(samples: number): Promise<Observation>;
  /** Advances pstrace's time without measurements, as if the host were off. */
  skip(hours: number): void;
  close(): Promise<void>;
}

const spacingSeconds = 600;
/** The scenario starts this long ago, because pstrace rejects results from the future. */
const startSeconds = 7 * 86_400;
const program = join(import.meta.dirname, '../../bin/pstrace');

const commands: Readonly<Record<Tool, readonly string[]>> = {
  mtr: ['mtr', '--raw', '-n', '-4', '-c', '10', '-i', '0.1', '-G', '1', '-m', '12', target],
  traceroute: ['traceroute', '-n', '-w', '1', '-m', '6', target],
  tracepath: ['tracepath', '-n', '-m', '6', target],
};
const protocols: Readonly<Record<Tool, string>> = {
  mtr: 'icmp',
  traceroute: 'udp',
  tracepath: 'udp',
};

/** Opens an observer with all its files in a folder. */
export async function openObserver(lab: Lab, folder: string): Promise<Observer> {
  const box = await openMailbox();
  const place = makePlace(folder, box);
  // mtr mostly waits; more of the other tools at a time would disturb each other.
  const limits = { mtr: pLimit(12), traceroute: pLimit(3), tracepath: pLimit(3) };
  let now = Math.floor(Date.now() / 1000) - startSeconds;
  let changesSeen = 0;

  /** Writes the output of a tool into a file named after the time of the run. */
  async function measure(tool: Tool, at: number): Promise<string> {
    const file = join(folder, `${source}_${target}_${at}_${protocols[tool]}.${tool}`);
    const [command = '', ...args] = commands[tool];
    writeFileSync(file, await limits[tool](() => lab.run('probe', command, ...args)));
    return file;
  }

  /** `pstrace mtr` takes the last sample of mtr; the tools themselves take all others. */
  async function sample(count: number): Promise<void> {
    const times = Array.from({ length: count }, (_, index) => now + (index + 1) * spacingSeconds);
    now = times.at(-1) ?? now;
    const [byMtr] = await Promise.all([
      Promise.all(times.slice(0, -1).map((time) => measure('mtr', time))),
      lab.run('probe', ...at(now, 'mtr', ...place.options)),
    ]);
    const others = times.flatMap((time) => [
      measure('traceroute', time),
      measure('tracepath', time),
    ]);
    const files = [...byMtr, ...(await Promise.all(others))];
    await succeed(at(now, 'import', ...files, '--source', source, ...place.options));
  }

  return {
    async observe(samples) {
      await sample(samples);
      const known = box.received.length;
      await succeed(at(now, '--mtr-only', '7d', ...place.options, '--out', place.out));
      const changes = linesOf(join(place.out, 'data/changes.ndjson'));
      const seen = {
        tests: testsOf(place.out),
        changes: changes.slice(0, changes.length - changesSeen),
        mails: box.received.slice(known).map(({ mail }) => ({
          subject: mail.subject ?? '',
          text: mail.text ?? '',
        })),
      };
      changesSeen = changes.length;
      const links = seen.mails.flatMap(({ text }) => [
        ...text.matchAll(/https:\/\/ps\.example\.org\/([^\s#?]+)/g),
      ]);
      const paths = links.map(([, path = '']) => path);
      return { ...seen, linked: paths.filter((path) => existsSync(join(place.out, path))) };
    },
    skip(hours) {
      now += hours * 3600;
    },
    close: () => box.close(),
  };
}

function makePlace(folder: string, box: Mailbox): { out: string; options: readonly string[] } {
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  mkdirSync(folder, { recursive: true });
  const targets = file(
    'targets.toml',
    `[[target]]\nhost = "${target}"\nprobe_interval = "0.1s"\nmax_ttl = 12\n`,
  );
  const config = file(
    'pstrace.toml',
    `
    [site]
    url = "https://ps.example.org/"
    [mtr]
    targets = "${targets}"
    source = "${source}"
    [as]
    file = "${file('as.tsv', asList)}"
    [dns]
    names = "off"
    [email]
    server = "127.0.0.1"
    port = ${box.port}
    security = "none"
    from = "pstrace@example.org"
    [[recipient]]
    name = "noc"
    to = ["noc@example.org"]
    alert_from = "minor"
    digest_from = "off"
    per_hour = 100
    `,
  );
  const options = ['--config', config, '--state', join(folder, 'var')];
  return { out: join(folder, 'html'), options };
}

/** The command that runs pstrace with its clock stopped at a moment (epoch seconds). */
function at(now: number, ...args: readonly string[]): [string, ...string[]] {
  const stopped = `Date.now=()=>${now * 1000}`;
  const options = `NODE_OPTIONS=--import=data:text/javascript,${stopped}`;
  return ['env', options, program, ...args];
}

/** Runs a command that must exit with 0 and print nothing. */
function succeed([command, ...args]: readonly [string, ...string[]]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0 && output === '') resolve();
      else reject(new Error(`${args.join(' ')}\nexits with ${code} and prints:\n${output}`));
    });
  });
}

function linesOf(file: string): ChangeData[] {
  const text = readFileSync(file, 'utf8').trim();
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line));
}

function testsOf(out: string): Record<Tool, TestData> {
  const { cells } = JSON.parse(readFileSync(join(out, 'data/matrix.json'), 'utf8'));
  const found = cells[0].testIds.map((id: string) => {
    const data = JSON.parse(readFileSync(join(out, `data/tests/${id}.json`), 'utf8'));
    return [data.test.tool, data];
  });
  return Object.fromEntries(found) as Record<Tool, TestData>;
}
