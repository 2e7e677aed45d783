/**
 * Part of `npm run test:system`: `pstrace publish-to` with the real rsync, while a reader reads. A
 * copy must show one site as a whole at every moment, keep unchanged pages as the same files, and
 * send only the others.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { openSiteWriter } from '../../src/report/publish/siteWriter.ts';

const program = join(import.meta.dirname, '../../bin/pstrace');
const pageCount = 300;
/** Of this many pages, one changes with every site. */
const changeEvery = 10;
/** Length of a page, so that a copy takes some time. */
const pageBytes = 20_000;

const pagePath = (page: number) => `tests/${page}/index.html`;

/** Writes a site whose pages all say its number, in a file of its own for each of them. */
function writeSite(out: string, number: number): void {
  const site = openSiteWriter(out);
  const filler = 'x'.repeat(pageBytes);
  for (let page = 0; page < pageCount; page++) {
    const body = page % changeEvery === 0 ? `site ${number}${filler}` : `page ${page}${filler}`;
    site.write({ path: pagePath(page), body });
  }
  site.write({ path: 'index.html', body: `site ${number}` });
  site.writePicture(`routes/a/${number}`, () => ({ svg: `<svg>${number}</svg>`, text: 'route' }));
  site.commit();
}

/** Faults that a reader of the copy sees until the copy has ended, each once. */
async function readDuring(copying: ChildProcess, web: string): Promise<ReadonlySet<string>> {
  const faults = new Set<string>();
  const ended = once(copying, 'exit');
  let reads = 0;
  while (copying.exitCode === null) {
    try {
      // A reader resolves the link once for a page, and the site must be whole behind it.
      const site = realpathSync(join(web, '.site/current'));
      const [, number] = /site (\d+)/.exec(readFileSync(join(site, 'index.html'), 'utf8')) ?? [];
      for (let page = 0; page < pageCount; page += changeEvery) {
        if (!readFileSync(join(site, pagePath(page)), 'utf8').startsWith(`site ${number}x`))
          faults.add('pages of two sites');
        reads++;
      }
    } catch (error) {
      // The site that was current a moment ago may be gone by now, but never the current one.
      const path = join(web, pagePath(reads % pageCount));
      if (!existsSync(path)) faults.add(`missing: ${path}: ${(error as Error).message}`);
    }
    await setImmediate();
  }
  const [code] = await ended;
  if (code !== 0) faults.add(`exit code ${code}`);
  if (reads === 0) faults.add('nothing was read');
  return faults;
}

/** Runs `publish-to` with a slow rsync. Returns the faults that a reader saw. */
async function copy(folder: string, out: string, web: string): Promise<ReadonlySet<string>> {
  const PATH = `${join(folder, 'bin')}:${process.env.PATH}`;
  const copying = spawn(program, ['publish-to', web, '--out', out], {
    env: { ...process.env, PATH },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return readDuring(copying, web);
}

/** An rsync that is as slow as a long line, and notes what it sent. */
function installSlowRsync(folder: string): void {
  const real = spawnSync('sh', ['-c', 'command -v rsync'], { encoding: 'utf8' }).stdout.trim();
  const sent = join(folder, 'sent');
  mkdirSync(join(folder, 'bin'));
  writeFileSync(
    join(folder, 'bin/rsync'),
    `#!/bin/sh\nexec ${real} --bwlimit=3000 --out-format='%o %n %l' --log-file='${sent}' --log-file-format='%o %n' "$@"\n`,
    { mode: 0o755 },
  );
}

/** The numbers of the pages that the last copy sent. */
function sentPages(folder: string): number {
  const text = readFileSync(join(folder, 'sent'), 'utf8');
  rmSync(join(folder, 'sent'));
  return text.split('\n').filter((line) => /send .*tests\/\d+\/index\.html/.test(line)).length;
}

function check(condition: boolean, fault: string): void {
  if (!condition) throw new Error(fault);
}

function checkNone(faults: ReadonlySet<string>): void {
  check(faults.size === 0, [...faults].join('; '));
}

/** Throws an error that names the fault if a copy is not as promised. */
export async function checkCopies(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pstrace-copy-'));
  const [out, web] = [join(folder, 'html'), join(folder, 'web')];
  try {
    installSlowRsync(folder);
    writeSite(out, 1);
    spawnSync(program, ['publish-to', web, '--out', out], { stdio: 'inherit' });
    check(readFileSync(join(web, 'index.html'), 'utf8') === 'site 1', 'no first copy');
    const inode = () => statSync(join(web, pagePath(1))).ino;
    const before = inode();

    // Two sites later, the source has the copied one no more.
    for (const number of [2, 3, 4]) writeSite(out, number);
    checkNone(await copy(folder, out, web));
    check(readFileSync(join(web, 'index.html'), 'utf8') === 'site 4', 'the copy is an old one');
    check(inode() === before, 'an unchanged page is another file');
    check(existsSync(join(web, 'routes/a/4.svg')), 'a picture is missing');
    check(sentPages(folder) === pageCount / changeEvery, 'not just the changed pages were sent');
    const left = readdirSync(join(web, '.site')).sort();
    const expected = [readlinkSync(join(web, '.site/current')), 'current', 'routes'].sort();
    check(left.join() === expected.join(), `left behind: ${left}`);

    // Numbers begin anew in an emptied folder, and then meet those of the copy.
    rmSync(out, { recursive: true });
    for (const number of [5, 6, 7, 8]) writeSite(out, number);
    checkNone(await copy(folder, out, web));
    check(readFileSync(join(web, 'index.html'), 'utf8') === 'site 8', 'the copy is an old one');
    check(!existsSync(join(web, 'routes/a/4.svg')), 'an old picture is left');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
