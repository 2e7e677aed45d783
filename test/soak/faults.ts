import { HttpResponse } from 'msw';
import { drip, gzipBomb, page, redirect, resetAfter, stall, truncated } from '../helpers/faults.ts';
import { reply } from '../helpers/notify/mailbox.ts';
import type { Random } from './random.ts';
import type { ArchiveFault } from './world.ts';

/** Ways in which an archive fails, by name. */
const archiveFaults: Readonly<Record<string, ArchiveFault>> = {
  'archive answers 500': () => new HttpResponse('oops', { status: 500 }),
  'archive answers 503': () => new HttpResponse(null, { status: 503 }),
  'archive answers 429': () =>
    new HttpResponse(null, { status: 429, headers: { 'retry-after': '0' } }),
  'archive answers 404': () => new HttpResponse(null, { status: 404 }),
  'archive resets': () => resetAfter(0, []),
  'archive resets in mid-answer': () => resetAfter(150, [{ ts: 1 }]),
  'archive stalls': () => stall(),
  'archive drips': () => drip([{ ts: 1 }], 200),
  'archive sends half': () => truncated([{ ts: 1, val: [] }], 9),
  'archive sends a page': () => page('<h1>Log in</h1>'),
  'archive sends a bomb': () => gzipBomb(300_000_000),
  'archive sends another shape': () => HttpResponse.json({ detail: ['no'] }),
  'archive redirects elsewhere': () => redirect('http://192.0.2.99/'),
  'archive answers slowly': () => slowly(),
};

/** Delays the right answer. */
async function slowly(): Promise<undefined> {
  await new Promise((resolve) => setTimeout(resolve, 40));
}

/** A fault that lasts for some steps. */
export interface LastingFault {
  readonly name: string;
  readonly archive: number;
  readonly fault: ArchiveFault;
  remainingSteps: number;
}

/** Chooses a fault of one of the archives. */
export function chooseArchiveFault(random: Random, archives: number): LastingFault {
  const [name, fault] = random.pick(Object.entries(archiveFaults));
  // A tenth of the requests may pass, so that a run fails in the middle.
  const isFlaky = random.chance(0.3);
  const flaky: ArchiveFault = () => (random.chance(0.4) ? fault() : undefined);
  return {
    name: isFlaky ? `${name} at times` : name,
    archive: random.between(0, archives - 1),
    fault: isFlaky ? flaky : fault,
    remainingSteps: random.between(1, 3),
  };
}

/** A mail server that rejects for some steps. */
export interface MailFault {
  isRejecting: boolean;
  remainingSteps: number;
}

/** The behavior of a mail server with this fault. */
export function rejectWhile(fault: MailFault) {
  return {
    onRecipient() {
      if (fault.isRejecting) throw reply(451, 'try later');
    },
  };
}

/** Clocks that a run may have instead of the real time. */
export const wrongClocks: Readonly<Record<string, (now: number) => number>> = {
  'clock at 1970': () => 600,
  'clock ten years ahead': (now) => now + 3650 * 86_400,
  'clock an hour back': (now) => now - 3600,
  'clock half an hour ahead': (now) => now + 1800,
  'clock a month back': (now) => now - 30 * 86_400,
};
