/**
 * Replays a labeled mesh through the parser and the detection, and writes one line of JSON per
 * alert: npm run --silent routebench -- DIR --out FILE DIR contains metadata.json and traces/*.json
 * or .json.gz, with results in the order of arrival.
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
