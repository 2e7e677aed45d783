import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { type Mailbox, openMailbox } from '../helpers/notify/mailbox.ts';
import type { Lab } from './lab.ts';
import { source, systems, target } from './network.ts';

/** The tools that measure the path, each of which makes a test. */
export type Tool = 'mtr' | 'traceroute' | 'tracepath';

/** What `data/tests/<id>.json` tells, as far as it is looked at here. */
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

/** A line of `data/changes.ndjson`, as far as it is looked at here. */
export interface ChangeData {
  readonly class: string;
  readonly testId: string;
}

/** What pstrace shows after some time of measuring. */
export interface Seen {
  readonly tests: Readonly<Record<Tool, TestData>>;
  /** Told of since the last look. */
  readonly changes: readonly ChangeData[];
  /** What the mails since then link to of the site, and is there: paths. */
  readonly linked: readonly string[];
  /** Subjects of the mails since then, and their text. */
  readonly mails: readonly { readonly subject: string; readonly text: string }[];
}

/** Measures with real tools and looks at what pstrace makes of it. */
export interface Observer {
  /** Takes so many samples, ten minutes apart for pstrace, and looks. */
  look(samples: number): Promise<Seen>;
  /** Lets so much time pass for pstrace in which nobody measures, as while the host is off. */
  rest(hours: number): void;
  close(): Promise<void>;
}

const spacingSeconds = 600;
/** The story begins so long ago, for results from the future are not believed. */
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

/** Opens an observer that keeps everything in a folder. */
export async function openObserver(lab: Lab, folder: string): Promise<Observer> {
  const box = await openMailbox();
  const place = makePlace(folder, box);
  // mtr spends most of its time waiting; of the others more at a time would measure each other.
  const limits = { mtr: pLimit(12), traceroute: pLimit(3), tracepath: pLimit(3) };
  let now = Math.floor(Date.now() / 1000) - startSeconds;
  let changesSeen = 0;

  /** The output of each tool goes into a file whose name tells when it was. */
  async function measure(tool: Tool, at: number): Promise<string> {
    const file = join(folder, `${source}_${target}_${at}_${protocols[tool]}.${tool}`);
    const [command = '', ...args] = commands[tool];
    writeFileSync(file, await limits[tool](() => lab.run('probe', command, ...args)));
    return file;
  }

  /** The last sample of mtr is taken by `pstrace mtr`, the others by the tools themselves. */
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
    async look(samples) {
      await sample(samples);
      const known = box.received.length;
      await succeed(at(now, '--mtr-only', '7d', ...place.options, '--out', place.out));
      const changes = linesOf(join(place.out, 'data/changes.ndjson'));
      const seen = {
        tests: testsOf(place.out),
        // Newest first.
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
    rest(hours) {
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
    file = "${file('systems.tsv', systems)}"
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

/** The command that runs pstrace while its clock stands still at a moment, epoch seconds. */
function at(now: number, ...args: readonly string[]): [string, ...string[]] {
  const stopped = `Date.now=()=>${now * 1000}`;
  const options = `NODE_OPTIONS=--import=data:text/javascript,${stopped}`;
  return ['env', options, program, ...args];
}

/** Runs a command that has to exit with 0 and say nothing. */
function succeed([command, ...args]: readonly [string, ...string[]]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0 && said === '') resolve();
      else reject(new Error(`${args.join(' ')}\nexits with ${code} and says:\n${said}`));
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
