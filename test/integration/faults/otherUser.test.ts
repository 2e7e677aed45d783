import { chownSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { tempDir } from '../../helpers/tempDir.ts';
import { start } from '../cli/command.ts';
import { serve } from '../pipeline/mesh.ts';
import { livelyMesh, noon } from './mesh.ts';
import { startAt } from './pstraceAt.ts';

vi.setConfig({ testTimeout: 180_000 });

const nobody = 65_534;
const good = { code: 0, stdout: '', stderr: '' };
const asNobody = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];

/** A folder of nobody for the site and the state, and runs there as nobody and as root. */
async function arrange(made: readonly string[]) {
  const archive = await serve(livelyMesh(3, 100, noon));
  const home = tempDir();
  for (const name of ['', ...made]) {
    mkdirSync(join(home, name), { recursive: true });
    chownSync(join(home, name), nobody, nobody);
  }
  const folders = ['--out', join(home, 'html'), '--state', join(home, 'var')];
  const args = [archive.base, '12h', ...folders];
  let now = noon - 3600;
  const run = (prefix: readonly string[] = []) => {
    now += 600;
    return startAt(now, args, { prefix }).ended;
  };
  return { home, run, folders };
}

/** The ids of the users who own files below a folder. */
function ownersIn(folder: string): number[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name));
  return [...new Set([folder, ...paths].map((path) => statSync(path).uid))];
}

describe.runIf(process.geteuid?.() === 0)('one run as root', () => {
  test.each([
    ['after runs of the owner', [], true],
    ['as the first run, into folders of the owner', ['var', 'html'], false],
    ['as the first run, in a folder of the owner', [], false],
  ])('%s leaves nothing that is not his, and his runs go on', async (_, made, isLater) => {
    const { home, run } = await arrange(made);
    if (isLater) expect(await run(asNobody)).toEqual(good);
    expect(await run()).toEqual(good);
    expect(ownersIn(home)).toEqual([nobody]);
    for (let count = 0; count < 3; count++) expect(await run(asNobody)).toEqual(good);
  });

  test('with the state of another user is refused before it writes', async () => {
    const { home, run } = await arrange([]);
    expect(await run()).toEqual(good);
    const before = readFileSync(join(home, 'html/data/status.json'), 'utf8');
    const other = ['setpriv', '--reuid=33', '--regid=33', '--clear-groups'];
    const { code, stderr } = await run(other);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^pstrace: error: the state folder belongs to user nobody, and this command runs as user www-data \(.*\)\. Run pstrace as user nobody, or/,
    );
    expect(readFileSync(join(home, 'html/data/status.json'), 'utf8')).toBe(before);
    expect(ownersIn(home)).toEqual([nobody]);
  });

  test('with a state of its own, but the site of another user, is refused before it reads', async () => {
    const { home, run, folders } = await arrange([]);
    expect(await run(asNobody)).toEqual(good);
    const own = join(tempDir(), 'var');
    const options = ['--mtr-only', ...folders.slice(0, 2), '--state', own];
    const { code, stderr } = await start(options).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^pstrace: error: the site belongs to user nobody, and .* user root/);
    expect(ownersIn(join(home, 'html'))).toEqual([nobody]);
  });
});
