import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { siteFiles } from '../helpers/siteFiles.ts';
import { firstDifference, isAsset, recordedForm, recordedSite } from './compare.ts';
import { goldenRun, messagesFile, siteFolder } from './goldenRun.ts';

const folder = mkdtempSync(join(tmpdir(), 'pstrace-golden-'));
try {
  const out = join(folder, 'html');
  const { code, stderr } = await goldenRun(out, folder);
  if (code !== 75) throw new Error(`exit code ${code}: ${stderr}`);
  const made = siteFiles(out);
  mkdirSync(siteFolder, { recursive: true });
  const difference = firstDifference(recordedSite(siteFolder), made);
  rmSync(siteFolder, { recursive: true });
  for (const [path, bytes] of made) {
    if (isAsset(path)) continue;
    mkdirSync(dirname(join(siteFolder, path)), { recursive: true });
    writeFileSync(join(siteFolder, path), recordedForm(bytes));
  }
  writeFileSync(messagesFile, stderr);
  process.stdout.write(
    difference === null ? 'Nothing changed.\n' : `First change: ${difference}\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
