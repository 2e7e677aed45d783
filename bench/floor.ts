/**
 * The minimum for any client: requests the paths over keep-alive connections and parses the JSON.
 */
import { readFileSync } from 'node:fs';
import pLimit from 'p-limit';
import { Pool } from 'undici';

const [origin, pathsFile, connections] = process.argv.slice(2);
if (origin === undefined || pathsFile === undefined || connections === undefined)
  throw new Error('usage: floor ORIGIN PATHS-FILE CONNECTIONS');
const paths = readFileSync(pathsFile, 'utf8').split('\n').filter(Boolean);
const pool = new Pool(origin, {
  connections: Number(connections),
  connect: { rejectUnauthorized: false },
});
const limit = pLimit(Number(connections));
let bytes = 0;
let values = 0;
await Promise.all(
  paths.map((path) =>
    limit(async () => {
      const { body } = await pool.request({ path, method: 'GET' });
      const text = await body.text();
      bytes += Buffer.byteLength(text);
      values += (JSON.parse(text) as unknown[]).length;
    }),
  ),
);
await pool.close();
console.log(JSON.stringify({ requests: paths.length, bytes, values }));
