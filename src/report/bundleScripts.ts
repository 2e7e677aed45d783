import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const sourceFolder = join(import.meta.dirname, 'browser');

/**
 * Compiles each file of `browser/` into a script by the same name; its folders contain modules that
 * the scripts share. The scripts are classic ones, because a page opened as a file cannot load
 * modules. Returns their code by file name.
 */
export async function bundleScripts(): Promise<Map<string, string>> {
  const files = globSync('*.ts', { cwd: sourceFolder }).sort();
  const scripts = files.map(async (file): Promise<[string, string]> => {
    const code = await bundleScript(join(sourceFolder, file));
    return [`${basename(file, '.ts')}.js`, code];
  });
  return new Map(await Promise.all(scripts));
}

async function bundleScript(input: string): Promise<string> {
  // Imported on demand, because a compiled program comes with its scripts.
  const { rolldown } = await import('rolldown');
  const bundled = await rolldown({ input, platform: 'browser' });
  try {
    const { output } = await bundled.generate({
      format: 'iife',
      minify: true,
      postBanner: ({ moduleIds }) => licenseComment(moduleIds),
    });
    return output[0].code;
  } finally {
    await bundled.close();
  }
}

/** A comment with the licenses of the packages in a script, which must be part of every copy. */
function licenseComment(moduleIds: readonly string[]): string {
  const folders = moduleIds.flatMap(
    (id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(id)?.[0] ?? [],
  );
  const licenses = [...new Set(folders)].map((folder) =>
    readFileSync(join(folder, 'LICENSE'), 'utf8'),
  );
  return licenses.length === 0 ? '' : `/*\n${licenses.join('\n')}*/`;
}
