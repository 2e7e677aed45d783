import { join } from 'node:path';
import {
  chooseArchiveFault,
  type LastingFault,
  type MailFault,
  rejectWhile,
  wrongClocks,
} from './faults.ts';
import { type Household, openHousehold } from './household.ts';
import {
  differences,
  readComparable,
  siteFaults,
  sizeOf,
  stateSize,
  unsentMessages,
} from './inspect.ts';
import { createRandom, type Random } from './random.ts';
import { type ChildSettings, type Outcome, runChild, runHere } from './runPstrace.ts';
import { createWorld, day, hour, start, type World } from './world.ts';

/** A soak: `days` simulated days, with faults that `seed` decides. */
export interface SoakOptions {
  readonly days: number;
  /** Each cycle ends with some calm, after which both households must be equal. */
  readonly cycleDays: number;
  readonly seed: number;
  /** Receives the households. */
  readonly folder: string;
  /** Whether to start processes of their own: for kills, full disks and other users. */
  readonly startsProcesses: boolean;
  /** Prepares the state of both households, such as with a database of an older version. */
  readonly prepare?: (state: string) => void;
  /** Receives each fault as it occurs, with its moment in epoch seconds. */
  readonly onFault?: (name: string, now: number) => void;
}

/** The result of a soak. */
export interface SoakResult {
  readonly runs: number;
  /** How often each fault occurred. */
  readonly faults: Readonly<Record<string, number>>;
  /** Broken invariants; empty for a clean soak. */
  readonly findings: readonly string[];
  /** Kilobytes of state, without logs, and site at the end of each cycle. */
  readonly sizes: readonly {
    readonly day: number;
    readonly state: number;
    readonly site: number;
  }[];
}

const stepSeconds = 3 * hour;
/** The calm at the end of each cycle. */
const calmHours = 30;
const faultProbability = 0.4;
/** The sizes of the last cycles may exceed those of the second by this. */
const maxGrowth = 1.5;

/** Plays a mesh with two households, one of them disturbed, and checks the invariants. */
export async function playSoak(options: SoakOptions): Promise<SoakResult> {
  const random = createRandom(options.seed);
  const world = await createWorld(createRandom(options.seed + 1), options.days);
  const mail: MailFault = { isRejecting: false, remainingSteps: 0 };
  const calm = await openHousehold(join(options.folder, 'calm'), world.bases, {}, '60s');
  const disturbed = await openHousehold(
    join(options.folder, 'disturbed'),
    world.bases,
    rejectWhile(mail),
    '1s',
  );
  for (const { state } of [calm, disturbed]) options.prepare?.(state);
  const soak = new Soak(options, random, world, { calm, disturbed, mail });
  try {
    return await soak.play();
  } finally {
    await Promise.all([world.close(), calm.box.close(), disturbed.box.close()]);
  }
}

/** Both households, and the mail server of the disturbed one. */
interface Parties {
  readonly calm: Household;
  readonly disturbed: Household;
  readonly mail: MailFault;
}

class Soak {
  readonly #options: SoakOptions;
  readonly #random: Random;
  readonly #world: World;
  readonly #parties: Parties;
  readonly #findings: string[] = [];
  readonly #faults = new Map<string, number>();
  readonly #sizes: { day: number; state: number; site: number }[] = [];
  #lasting: LastingFault[] = [];
  #runs = 0;
  /** Mails before this one were checked. */
  #checkedMails = 0;

  constructor(options: SoakOptions, random: Random, world: World, parties: Parties) {
    this.#options = options;
    this.#random = random;
    this.#world = world;
    this.#parties = parties;
  }

  async play(): Promise<SoakResult> {
    const steps = (this.#options.days * day) / stepSeconds;
    for (let step = 0; step < steps && this.#findings.length < 5; step += 1) {
      const now = start + step * stepSeconds + this.#random.between(0, 600);
      const cycleSeconds = this.#options.cycleDays * day;
      const inCycle = (step * stepSeconds) % cycleSeconds;
      const isCalm = inCycle >= cycleSeconds - calmHours * hour;
      await this.#runCalm(now);
      await this.#runDisturbed(now, isCalm || step === 0);
      if (inCycle + stepSeconds >= cycleSeconds) this.#compare(step, now);
    }
    this.#checkGrowth();
    const faults = Object.fromEntries([...this.#faults].sort());
    return { runs: this.#runs, faults, findings: this.#findings, sizes: this.#sizes };
  }

  #find(now: number, text: string): void {
    this.#findings.push(`day ${((now - start) / day).toFixed(2)}: ${text}`);
  }

  async #runCalm(now: number): Promise<void> {
    this.#world.show(now);
    this.#world.fail([]);
    this.#check(now, 'undisturbed', await runHere(now, this.#parties.calm.args), [0]);
  }

  async #runDisturbed(now: number, isCalm: boolean): Promise<void> {
    const { mail, disturbed } = this.#parties;
    mail.remainingSteps -= 1;
    mail.isRejecting = !isCalm && mail.remainingSteps > 0;
    this.#lasting = isCalm ? [] : this.#lasting.filter((each) => --each.remainingSteps > 0);
    let mayRepeat = false;
    if (!isCalm && this.#random.chance(faultProbability)) mayRepeat = await this.#disturb(now);
    this.#world.fail([0, 1].map((archive) => this.#faultOf(archive)));
    const codes = this.#lasting.length > 0 || !isCalm ? [0, 1, 75] : [0, 75];
    this.#check(now, 'disturbed', await runHere(now, disturbed.args), codes);
    for (const fault of siteFaults(disturbed)) this.#find(now, fault);
    this.#checkMails(now, mayRepeat);
  }

  #faultOf(archive: number) {
    return this.#lasting.find((each) => each.archive === archive)?.fault;
  }

  /** Disturbs the next run, or precedes it with a disturbed one; whether a mail may come twice. */
  async #disturb(now: number): Promise<boolean> {
    const { mail } = this.#parties;
    const kinds = ['archive', 'archive', 'late', 'clock', 'mail'];
    if (this.#options.startsProcesses) kinds.push('kill', 'disk', 'user', 'two');
    const kind = this.#random.pick(kinds);
    switch (kind) {
      case 'archive': {
        const fault = chooseArchiveFault(this.#random, this.#world.bases.length);
        this.#count(fault.name, now);
        this.#lasting.push(fault);
        return false;
      }
      case 'late':
        this.#count('results come late', now);
        this.#world.show(now, now - this.#random.between(10, 100) * 60);
        return false;
      case 'clock':
        await this.#runAtWrongClocks(now);
        return false;
      case 'mail':
        this.#count('mail server rejects', now);
        mail.isRejecting = true;
        mail.remainingSteps = this.#random.between(1, 3);
        return false;
      default:
        return this.#runProcesses(kind, now);
    }
  }

  async #runAtWrongClocks(now: number): Promise<void> {
    const { disturbed } = this.#parties;
    const before = JSON.stringify(readComparable(disturbed));
    const count = this.#random.between(1, 3);
    for (let index = 0; index < count; index += 1) {
      const [name, clockOf] = this.#random.pick(Object.entries(wrongClocks));
      this.#count(name, now);
      // Shortly before the next run, so that the clock is back in comparison with the last one.
      const outcome = await runHere(clockOf(now - 60), disturbed.args);
      this.#check(now, name, outcome, [1]);
      if (index > 0 && outcome.stderr !== '') this.#find(now, `${name} is said again`);
    }
    if (JSON.stringify(readComparable(disturbed)) !== before)
      this.#find(now, 'a wrong clock changed the state');
  }

  async #runProcesses(kind: string, now: number): Promise<boolean> {
    const { disturbed } = this.#parties;
    const run = (settings: ChildSettings) => runChild(now - 30, disturbed.args, settings);
    if (kind === 'kill') {
      this.#count('kill -9', now);
      await run({ killAfterMs: this.#random.between(150, 2500) });
      return true;
    }
    if (kind === 'disk') {
      this.#count('files cannot grow', now);
      const prefix = ['prlimit', `--fsize=${this.#random.between(1, 90) * 1024}`];
      this.#check(now, 'full disk', await run({ prefix }), [0, 1, 75]);
      return true;
    }
    if (kind === 'two') {
      this.#count('two runs at once', now);
      const outcomes = await Promise.all([run({}), run({})]);
      for (const outcome of outcomes) this.#check(now, 'two at once', outcome, [0, 1, 75]);
      return false;
    }
    if (process.getuid?.() !== 0) return false;
    this.#count('run of another user', now);
    const before = JSON.stringify(readComparable(disturbed));
    this.#check(now, 'another user', await run({ uid: otherUser }), [1, 64, 75, 78]);
    if (JSON.stringify(readComparable(disturbed)) !== before)
      this.#find(now, 'another user changed the state');
    return false;
  }

  #count(name: string, now: number): void {
    this.#options.onFault?.(name, now);
    this.#faults.set(name, (this.#faults.get(name) ?? 0) + 1);
  }

  #check(now: number, name: string, { code, stderr }: Outcome, expected: readonly number[]): void {
    this.#runs += 1;
    if (/this is a bug/.test(stderr)) this.#find(now, `${name}: ${stderr.slice(0, 600)}`);
    if (code === null || !expected.includes(code))
      this.#find(now, `${name}: exit ${code}, expected ${expected}: ${stderr.slice(0, 300)}`);
  }

  /** Every mail comes once, unless a kill hit between its acceptance and the record of that. */
  #checkMails(now: number, mayRepeat: boolean): void {
    const ids = this.#parties.disturbed.box.received.map(({ mail }) => mail.messageId ?? '');
    const known = new Set(ids.slice(0, this.#checkedMails));
    for (const id of ids.slice(this.#checkedMails)) {
      if (known.has(id) && !mayRepeat) this.#find(now, `the mail ${id} came twice`);
      known.add(id);
    }
    this.#checkedMails = ids.length;
  }

  #compare(step: number, now: number): void {
    const { calm, disturbed } = this.#parties;
    for (const text of differences(readComparable(calm), readComparable(disturbed)))
      this.#find(now, text);
    for (const text of unsentMessages(disturbed)) this.#find(now, text);
    this.#sizes.push({
      day: Math.round(((step + 1) * stepSeconds) / day),
      state: Math.round(stateSize(disturbed.state) / 1024),
      site: Math.round(sizeOf(disturbed.out).bytes / 1024),
    });
  }

  /** State and site level off once the retention is over. */
  #checkGrowth(): void {
    const [, , early, ...later] = this.#sizes;
    const last = later.at(-1);
    if (early === undefined || last === undefined) return;
    for (const part of ['state', 'site'] as const) {
      if (last[part] > maxGrowth * early[part])
        this.#findings.push(
          `the ${part} grew from ${early[part]} kB on day ${early.day} to ${last[part]} kB on day ${last.day}`,
        );
    }
  }
}

/** A user without rights. */
const otherUser = 65_534;
