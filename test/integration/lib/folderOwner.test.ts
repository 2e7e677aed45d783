import { chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rejectOtherOwner } from '../../../src/lib/folderOwner.ts';
import { moduleUrl, startChild } from '../../helpers/child.ts';
import { tempDir } from '../../helpers/tempDir.ts';

const isRoot = process.geteuid?.() === 0;
const nobody = 65_534;
const unknownUser = 54_321;

/** What a process of root becomes that goes on as the owner of a state folder. */
async function becomes(path: string): Promise<unknown> {
  const child = startChild(`
    import { continueAsOwner } from ${moduleUrl('src/lib/folderOwner.ts')};
    continueAsOwner({ path: ${JSON.stringify(path)}, name: 'the state folder', mark: 'pstrace.db' });
    let canReturn = true;
    try { process.setuid(0) } catch { canReturn = false }
    console.log(JSON.stringify([process.geteuid(), process.getuid(), process.getgroups(), canReturn]));
  `);
  return JSON.parse(await child.line());
}

test('a folder that does not exist, or that this user has written, is not refused', () => {
  const path = tempDir();
  const state = { name: 'the state folder', mark: 'pstrace.db' };
  rejectOtherOwner({ ...state, path: join(path, 'missing') });
  rejectOtherOwner({ ...state, path });
  writeFileSync(join(path, 'pstrace.db'), '');
  rejectOtherOwner({ ...state, path });
  rejectOtherOwner({ ...state, path: join(path, 'pstrace.db') });
});

describe.runIf(isRoot)('as root', () => {
  test('a folder that another user has written is refused with both names', () => {
    const path = tempDir();
    mkdirSync(join(path, '.site'));
    chownSync(join(path, '.site'), nobody, nobody);
    const site = { path, name: 'the site', mark: '.site' };
    expect(() => rejectOtherOwner(site)).toThrow(
      `the site belongs to user nobody, and this command runs as user root (${path})`,
    );
    chownSync(join(path, '.site'), unknownUser, unknownUser);
    expect(() => rejectOtherOwner(site)).toThrow(`the user with id ${unknownUser}`);
  });

  test('goes on as the owner of the folder, without its own groups and without return', async () => {
    const path = tempDir();
    expect(await becomes(path)).toEqual([0, 0, expect.anything(), true]);
    chownSync(path, nobody, nobody);
    expect(await becomes(path)).toEqual([nobody, nobody, [nobody], false]);
    expect(await becomes(join(path, 'not/yet'))).toEqual([nobody, nobody, [nobody], false]);
    chownSync(path, unknownUser, nobody);
    expect(await becomes(path)).toEqual([unknownUser, unknownUser, [unknownUser], false]);
    // What is in the folder counts more than the folder.
    writeFileSync(join(path, 'pstrace.db'), '');
    expect(await becomes(path)).toEqual([0, 0, expect.anything(), true]);
    expect(statSync(path).uid).toBe(unknownUser);
  });
});
