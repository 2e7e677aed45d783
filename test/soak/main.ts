/**
 * Plays weeks of a mesh with faults at random beside an undisturbed one:
 * `npm run soak -- [--days N] [--seed S] [--seeds N] [--verbose]`. Exits with 1 after a finding.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { isoTime } from '../../src/model/values/format.ts';
import { playSoak } from './playSoak.ts';

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
  },
});
const first = Number(values.seed);
let isClean = true;
for (let seed = first; seed < first + Number(values.seeds); seed += 1) {
  const folder = mkdtempSync(join(tmpdir(), 'pstrace-soak-'));
  const startedAt = performance.now();
  const { runs, faults, findings, sizes } = await playSoak({
    days: Number(values.days),
    cycleDays: 5,
    seed,
    folder,
    startsProcesses: true,
    prepare: olderDatabase(seed),
    onFault: (name, now) => values.verbose && say(`${isoTime(now)} ${name}`),
  });
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const count = Object.values(faults).reduce((sum, each) => sum + each, 0);
  say(`soak: ${values.days} days of seed ${seed}: ${runs} runs, ${count} faults, ${seconds} s`);
  say(JSON.stringify(faults));
  say(sizes.map(({ day, state, site }) => `day ${day}: ${state} + ${site} kB`).join(', '));
  for (const finding of findings) say(finding);
  if (findings.length === 0) rmSync(folder, { recursive: true });
  else say(`the households are in ${folder}`);
  isClean &&= findings.length === 0;
}
process.exit(isClean ? 0 : 1);

/** Every third seed begins with a database of an older version. */
function olderDatabase(seed: number): (state: string) => void {
  return (state) => {
    if (seed % 3 !== 0) return;
    mkdirSync(state, { mode: 0o700 });
    const database = new DatabaseSync(join(state, 'pstrace.db'));
    const fixture = new URL('../fixtures/store/version-1.sql', import.meta.url);
    database.exec(readFileSync(fixture, 'utf8'));
    database.close();
  };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
