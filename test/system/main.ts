/**
 * `npm run test:system`: tests pstrace in a real network. Namespaces of the Linux kernel form a
 * small internet. mtr, traceroute and tracepath measure it while routes change, links fail, and
 * packets are delayed and lost. After each step pstrace must show the change and send exactly one
 * alert about it. Needs root. If the test cannot run, it says so and exits with 0, or with 1 given
 * `--required`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkConnvitals } from './checkConnvitals.ts';
import { checkOpenSearch } from './checkOpenSearch.ts';
import { checkCopies } from './copySite.ts';
import { type Lab, openLab, sweep } from './lab.ts';
import { missing } from './missing.ts';
import { buildNetwork } from './network.ts';
import { openObserver } from './observer.ts';
import { missingForOpenSearch } from './opensearch/node.ts';
import { scenario } from './scenario.ts';

const { values } = parseArgs({ options: { required: { type: 'boolean', default: false } } });
const say = (text: string) => process.stdout.write(`${text}\n`);

async function playScenario(lab: Lab, folder: string, signal: AbortSignal): Promise<void> {
  const network = await buildNetwork(lab);
  const observer = await openObserver(lab, folder);
  try {
    for (const { title, play } of scenario) {
      signal.throwIfAborted();
      const startedAt = performance.now();
      await play(network, observer);
      say(`ok   ${title} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
    }
  } finally {
    await observer.close();
  }
}

async function playCopies(): Promise<number> {
  try {
    await checkCopies();
    say('ok   a copied site is whole at every moment');
    return 0;
  } catch (error) {
    say(`FAILED: ${(error as Error).stack}`);
    return 1;
  }
}

async function playConnvitals(signal: AbortSignal): Promise<number> {
  const lab = openLab(signal);
  try {
    const reason = await checkConnvitals(lab, say);
    if (reason !== null) say(`The comparison with connvitals-monitor was NOT RUN: ${reason}.`);
    return 0;
  } catch (error) {
    say(`FAILED: ${(error as Error).stack}`);
    return 1;
  } finally {
    await lab.close();
  }
}

async function playOpenSearch(): Promise<number> {
  const reason = missingForOpenSearch();
  if (reason !== null) {
    say(`The test with OpenSearch was NOT RUN: ${reason}.`);
    return 0;
  }
  try {
    await checkOpenSearch(say);
    return 0;
  } catch (error) {
    say(`FAILED: ${(error as Error).stack}`);
    return 1;
  }
}

async function main(): Promise<number> {
  const reason = missing();
  if (reason !== null) {
    say(`The system test was NOT RUN, so nothing was tested: ${reason}.`);
    return values.required ? 1 : 0;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => stop.abort(`stopped by ${signal}`));
  }
  // Other load on this host must not look like a slow network.
  setPriority(-15);
  await sweep();
  const lab = openLab(stop.signal);
  const folder = mkdtempSync(join(tmpdir(), 'pstrace-system-'));
  let code = 0;
  try {
    await playScenario(lab, folder, stop.signal);
  } catch (error) {
    code = stop.signal.aborted ? 130 : 1;
    say(stop.signal.aborted ? `${stop.signal.reason}` : `FAILED: ${(error as Error).stack}`);
  }
  const left = await lab.close();
  code ||= await playConnvitals(stop.signal);
  code ||= await playCopies();
  code ||= await playOpenSearch();
  if (left.length > 0) say(`FAILED: left behind: ${left.join(', ')}`);
  if (code !== 1) rmSync(folder, { recursive: true });
  else say(`The site and the database of pstrace are in ${folder}.`);
  return left.length > 0 ? 1 : code;
}

process.exitCode = await main();
