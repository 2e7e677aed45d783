/**
 * `npm run test:system`: pstrace in a real network. Namespaces of the Linux kernel make a small internet; mtr, traceroute and tracepath
 * measure it while routes change, links fail, and packets become slow and get lost; after each step pstrace has to show it, and to
 * send one alert where there is something to tell. Needs root. Where it cannot run it says so and tests nothing: that is an exit code
 * of 0, or of 1 with `--required`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Lab, openLab, sweep } from './lab.ts';
import { missing } from './missing.ts';
import { buildNetwork } from './network.ts';
import { openObserver } from './observer.ts';
import { story } from './story.ts';

const { values } = parseArgs({ options: { required: { type: 'boolean', default: false } } });
const say = (text: string) => process.stdout.write(`${text}\n`);

async function play(lab: Lab, folder: string, signal: AbortSignal): Promise<void> {
  const network = await buildNetwork(lab);
  const observer = await openObserver(lab, folder);
  try {
    for (const { title, play: step } of story) {
      signal.throwIfAborted();
      const startedAt = performance.now();
      await step(network, observer);
      say(`ok   ${title} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
    }
  } finally {
    await observer.close();
  }
}

async function main(): Promise<number> {
  const lacks = missing();
  if (lacks !== null) {
    say(`The system test was NOT RUN, so nothing was tested: ${lacks}.`);
    return values.required ? 1 : 0;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => stop.abort(`stopped by ${signal}`));
  }
  // Other work on this host must not pass for a slow network.
  setPriority(-15);
  await sweep();
  const lab = openLab(stop.signal);
  const folder = mkdtempSync(join(tmpdir(), 'pstrace-system-'));
  let code = 0;
  try {
    await play(lab, folder, stop.signal);
  } catch (error) {
    code = stop.signal.aborted ? 130 : 1;
    say(stop.signal.aborted ? `${stop.signal.reason}` : `FAILED: ${(error as Error).stack}`);
  }
  const left = await lab.takeDown();
  if (left.length > 0) say(`FAILED: left behind: ${left.join(', ')}`);
  if (code !== 1) rmSync(folder, { recursive: true });
  else say(`What pstrace made of it is in ${folder}.`);
  return left.length > 0 ? 1 : code;
}

process.exitCode = await main();
