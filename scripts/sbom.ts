import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * npm run sbom: writes dist/sbom.cdx.json, the bill of materials in CycloneDX: each package that
 * pstrace runs or distributes, with its version, license and digest.
 *
 * npm lists what package-lock.json pins. Its option `--omit=dev` would also drop the packages that
 * both pstrace and its tests use, so this script drops those that npm marks as development only.
 */

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly properties?: readonly { readonly name: string }[];
}

interface Bom {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const root = join(import.meta.dirname, '..');
const listing = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx'];
const text = execFileSync('npm', [...listing, '--sbom-type=application'], {
  cwd: root,
  encoding: 'utf8',
});
mkdirSync(join(root, 'dist'), { recursive: true });
const bom = withoutDevelopment(JSON.parse(text));
writeFileSync(join(root, 'dist/sbom.cdx.json'), `${JSON.stringify(bom, null, 2)}\n`);

function withoutDevelopment(bom: Bom): Bom {
  const { component: self } = bom.metadata;
  const components = bom.components.filter(({ properties = [] }) =>
    properties.every(({ name }) => name !== 'cdx:npm:package:development'),
  );
  const kept = new Set([self, ...components].map((component) => component['bom-ref']));
  const dependencies = bom.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => kept.has(each)) }));
  // npm takes the name from the folder of the checkout.
  const component = { ...self, name: 'pstrace' };
  return { ...bom, metadata: { ...bom.metadata, component }, components, dependencies };
}
