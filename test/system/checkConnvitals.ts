/**
 * Part of `npm run test:system`: the original connvitals-monitor and `pstrace monitor --stdout
 * connvitals` read the same file at the same time, each in its own network of the same shape. Their
 * records must have the same forms and occasions, also after a change of the route.
 */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installOriginal, originalCommand } from './connvitals/original.ts';
import { type PrintedRecord, parseRecords } from './connvitals/records.ts';
import type { Lab } from './lab.ts';

const program = join(import.meta.dirname, '../../bin/pstrace');
const webServer = join(import.meta.dirname, 'connvitals/webServer.ts');
const runSeconds = 18;
const changeAfterSeconds = 9;

const unknownHost = 'no-such-host.invalid';
/** Both forms with and without the time, and a host without an address. */
const targetsFile = [
  '203.0.113.2 ping=500 trace=2000 scan=3000 json=1',
  '203.0.113.3 ping=1000 trace=2000 json=1 timestamp=0',
  '203.0.113.4 ping=1000 trace=2000 scan=2000 numpings=4',
  '203.0.113.5 ping=2000 timestamp=0',
  `${unknownHost} ping=500`,
  '',
].join('\n');

/** An error of the original: its class, its words and its time. */
const errorLine =
  /^EE: [A-Za-z]+: \S.* -\t [A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

/** The output of a program. */
interface Output {
  readonly records: readonly PrintedRecord[];
  readonly errors: readonly string[];
}

/** Compares both programs. Returns the reason if the original cannot run here, else null. */
export async function checkConnvitals(
  lab: Lab,
  say: (text: string) => void,
): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), 'pstrace-connvitals-'));
  try {
    const reason = installOriginal(join(folder, 'python'));
    if (reason !== null) return reason;
    const startedAt = Date.now();
    writeFileSync(join(folder, 'hosts'), targetsFile);
    writeFileSync(join(folder, 'pstrace.toml'), `state = "${folder}/var"\n`);
    const file = join(folder, 'hosts');
    const config = ['--config', join(folder, 'pstrace.toml')];
    const monitor = [program, 'monitor', ...config, '--stdout', 'connvitals', '--', file];
    const environment = ['env', `PYTHONPATH=${join(folder, 'python')}`];
    const [original, ours] = await Promise.all([
      runIn(lab, 'old', join(folder, 'old'), [...environment, ...originalCommand, file]),
      runIn(lab, 'new', join(folder, 'new'), monitor),
    ]);
    const counts = compare(original, ours, { from: startedAt, to: Date.now() });
    say(`ok   connvitals-monitor: same forms and occasions (theirs/ours: ${counts.join(', ')})`);
    return null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Runs a command beside a network of two routers to one host, and changes the route on the way:
 *
 *     probe - near  - target
 *          \- other -/
 */
async function runIn(
  lab: Lab,
  side: 'old' | 'new',
  path: string,
  command: readonly string[],
): Promise<Output> {
  const [probe, target] = [`${side}-p`, `${side}-t`];
  for (const name of [probe, target]) await lab.add(name);
  for (const [number, router] of [`${side}-n`, `${side}-o`].entries()) {
    await lab.add(router);
    await lab.run(router, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
    await lab.link(probe, router);
    await lab.link(router, target);
    await address(lab, [probe, router], `192.0.2.${4 * number + 1}`);
    await address(lab, [router, probe], `192.0.2.${4 * number + 2}`);
    await address(lab, [router, target], `198.51.100.${4 * number + 1}`);
    await address(lab, [target, router], `198.51.100.${4 * number + 2}`);
    await lab.ip(router, `route add 203.0.113.0/29 via 198.51.100.${4 * number + 2}`);
    await lab.ip(target, `route add 192.0.2.${4 * number}/30 via 198.51.100.${4 * number + 1}`);
  }
  for (const name of [probe, target, `${side}-n`, `${side}-o`]) {
    await lab.run(name, 'sh', '-c', 'echo 0 > /proc/sys/net/ipv4/icmp_ratemask');
  }
  for (const last of [2, 3, 4, 5]) await lab.ip(target, `addr add 203.0.113.${last}/32 dev lo`);
  // At its start, the original asks the kernel for its address towards the internet over IPv6.
  await lab.ip(probe, 'addr add 2001:db8::1/128 dev lo');
  await lab.ip(probe, '-6 route add default dev lo');
  const routeOver = (via: string) => lab.ip(probe, `route replace 203.0.113.0/29 via ${via}`);
  await routeOver('192.0.2.2');
  const server = lab.start(target, process.execPath, webServer);
  if (server.stdout !== null) await once(server.stdout, 'data');
  const limited = ['timeout', '--kill-after=5', String(runSeconds), ...command];
  const script = '"$@" > "$0.out" 2> "$0.err" || :';
  const end = lab.run(probe, 'sh', '-c', script, path, ...limited);
  await sleep(changeAfterSeconds * 1000);
  await routeOver('192.0.2.6');
  await end;
  const errors = readFileSync(`${path}.err`, 'utf8').split('\n');
  return {
    records: parseRecords(readFileSync(`${path}.out`, 'utf8')),
    errors: errors.filter((line) => line.startsWith('EE: ')),
  };
}

/** Gives the device of a namespace that leads to another one an address, and sets it up. */
async function address(lab: Lab, [from, to]: [string, string], text: string): Promise<void> {
  await lab.ip(from, `addr add ${text}/30 dev ${to}`);
  await lab.ip(from, `link set ${to} up`);
}

/** Compares forms, occasions, times and errors. Returns the occasions of each statistic. */
function compare(original: Output, ours: Output, span: { from: number; to: number }): string[] {
  const [theirs, mine] = [statisticsOf(original), statisticsOf(ours)];
  expectEqual('the statistics', [...theirs.keys()].sort(), [...mine.keys()].sort());
  for (const { timestamp, form } of ours.records) {
    // ctime has whole seconds.
    const isWrong = timestamp !== null && (timestamp < span.from - 1000 || timestamp > span.to);
    if (isWrong) throw new Error(`a wrong time: ${timestamp} in ${form}`);
  }
  for (const { errors } of [original, ours]) {
    if (!errors.some((line) => errorLine.test(line) && line.includes(unknownHost))) {
      throw new Error(`no error names ${unknownHost}: ${errors.join('\n')}`);
    }
  }
  const strange = ours.errors.find((line) => !errorLine.test(line));
  if (strange !== undefined) throw new Error(`an error of another form: ${strange}`);
  return [...theirs].map(([key, records]) => compareStatistic(key, records, mine.get(key) ?? []));
}

/** Compares the records of one statistic of a target. Returns their numbers. */
function compareStatistic(
  key: string,
  theirs: readonly PrintedRecord[],
  ours: readonly PrintedRecord[],
): string {
  const isTrace = key.startsWith('trace');
  const formsIn = isTrace ? wholeRoutes : usualForm;
  expectEqual(`the forms of ${key}`, formsIn(theirs), formsIn(ours));
  if (isTrace && ours.length !== 2) throw new Error(`${key}: ${ours.length} routes, not 2`);
  const [gap, ownGap] = [meanGapMs(theirs), meanGapMs(ours)];
  if (!isTrace && Math.abs(gap - ownGap) > gapTolerance * gap + ctimeMs / theirs.length) {
    throw new Error(`${key} every ${gap} ms, but every ${ownGap} ms by pstrace`);
  }
  return `${key} ${theirs.length}/${ours.length}`;
}

/** Part by which the pauses between records may differ: a burst takes the time of a process. */
const gapTolerance = 0.15;
const ctimeMs = 1000;

/** Mean time between the records, ms; 0 if they have none. */
function meanGapMs(records: readonly PrintedRecord[]): number {
  const times = records.flatMap(({ timestamp }) => timestamp ?? []);
  return times.length < 2 ? 0 : (Math.max(...times) - Math.min(...times)) / (times.length - 1);
}

/**
 * The routes in the order of their occurrence. On a busy host the original, which waits for 50 ms,
 * also prints routes with silent hops.
 */
function wholeRoutes(records: readonly PrintedRecord[]): string[] {
  const forms = records.map(({ form }) => form).filter((form) => !form.includes('*'));
  return forms.filter((form, index) => form !== forms[index - 1]);
}

/** The most frequent form: on a busy host, a reply may come too late for either. */
function usualForm(records: readonly PrintedRecord[]): string[] {
  const counts = Object.entries(Object.groupBy(records, ({ form }) => form));
  const most = Math.max(...counts.map(([, alike = []]) => alike.length));
  return counts.filter(([, alike]) => alike?.length === most).map(([form]) => form);
}

/** The records by statistic and target. */
function statisticsOf({ records }: Output): Map<string, PrintedRecord[]> {
  return Map.groupBy(records, ({ kind, target }) => `${kind} ${target}`);
}

function expectEqual(what: string, theirs: readonly string[], ours: readonly string[]): void {
  if (theirs.join('\0') === ours.join('\0')) return;
  const shown = (list: readonly string[]) => list.join('\n') || '(none)';
  throw new Error(`${what} differ; the original:\n${shown(theirs)}\npstrace:\n${shown(ours)}`);
}
