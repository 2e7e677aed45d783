/**
 * Replays a labelled mesh through the project's own parser and detection and writes one JSON line an alert:
 *   npm run --silent routebench -- DIR --out FILE
 * DIR holds metadata.json and traces/*.json or .json.gz, each in the order in which the archive got the results.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readMesh } from './routebench-mesh.ts';
import { replay } from './routebench-replay.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' } },
});
const [dir] = positionals;
if (dir === undefined || values.out === undefined) {
  console.error('usage: npm run --silent routebench -- DIR --out FILE');
  process.exit(64);
}
const { alerts, cost } = replay(readMesh(dir));
writeFileSync(values.out, alerts.map((alert) => `${JSON.stringify(alert)}\n`).join(''));
console.error(
  `${alerts.length} alerts from ${cost.traces} traces; CPU per trace: JSON.parse ${cost.jsonUs.toFixed(1)} us, ` +
    `parser ${cost.parserUs.toFixed(1)} us, detection ${cost.detectionUs.toFixed(1)} us`,
);
