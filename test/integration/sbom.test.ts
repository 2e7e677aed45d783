import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly hashes: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses: readonly unknown[];
}

const root = join(import.meta.dirname, '../..');
const read = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'));

test('npm run sbom lists every package that is shipped, with license and digest, and no other', () => {
  execFileSync(process.execPath, [join(root, 'scripts/sbom.ts')]);
  const { metadata, components, dependencies } = read('dist/sbom.cdx.json');
  const { name, version, dependencies: direct, optionalDependencies } = read('package.json');
  expect(metadata.component).toMatchObject({ name, version });

  const locked = read('package-lock.json').packages as Record<
    string,
    { version: string; integrity: string; dev?: boolean }
  >;
  const shipped = Object.entries(locked)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path, each]) => [path.replace(/^.*node_modules\//, ''), each.version, each.integrity]);
  const listed = (components as Component[]).map(({ name, version, hashes: [hash] }) => {
    const digest = Buffer.from(hash?.content ?? '', 'hex').toString('base64');
    return [name, version, `sha512-${digest}`];
  });
  const order = (one: string[], other: string[]) => (one.join() < other.join() ? -1 : 1);
  expect(listed.sort(order)).toEqual(shipped.sort(order));
  for (const each of components) expect(each.licenses, each.name).toHaveLength(1);

  const refs = new Set((components as Component[]).map((each) => each['bom-ref']));
  const of = (ref: string): string[] =>
    dependencies.find((each: { ref: string }) => each.ref === ref).dependsOn;
  const expected = Object.entries({ ...direct, ...optionalDependencies }).map((each) =>
    each.join('@'),
  );
  expect([...of(`${name}@${version}`)].sort()).toEqual(expected.sort());
  for (const ref of refs) for (const needed of of(ref)) expect(refs).toContain(needed);
});
