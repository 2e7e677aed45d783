import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** Passwords of the users of a node with logins. */
export const passwords = { admin: 'admin-0af31', reader: 'reader-5bd27' } as const;

/**
 * Fetches the security plugin into a folder and adds its jars to those of the node. Returns false
 * if Maven Central does not give it.
 */
export function fetchSecurity(folder: string, jars: string): boolean {
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${folder}`];
  const pom = join(import.meta.dirname, 'security.xml');
  if (spawnSync('mvn', ['-q', '-B', '-f', pom, ...goal]).status !== 0) return false;
  const [zip = ''] = readdirSync(folder);
  execFileSync('jar', ['xf', join(folder, zip)], { cwd: folder });
  for (const jar of readdirSync(folder).filter((name) => name.endsWith('.jar'))) {
    // Two versions of one library in the class path would clash.
    const library = jar.replace(/-\d[^/]*$/, '');
    const isThere = readdirSync(jars).some((name) => name.replace(/-\d[^/]*$/, '') === library);
    if (!isThere) copyFileSync(join(folder, jar), join(jars, jar));
  }
  return true;
}

/**
 * Prepares the folder of a node for TLS with a certificate of its own authority (`ca.pem`), for
 * anonymous readers of results, and for the users of `passwords`. Returns lines of opensearch.yml.
 */
export function prepareSecurity(home: string, plugin: string, jars: string): string[] {
  const config = join(home, 'config');
  const security = join(config, 'opensearch-security');
  mkdirSync(config, { recursive: true });
  cpSync(join(plugin, 'config'), security, { recursive: true });
  makeCertificates(config);
  const text = readFileSync(join(security, 'config.yml'), 'utf8');
  const opened = text.replace(/(anonymous_auth_enabled:).*/, '$1 true');
  writeFileSync(join(security, 'config.yml'), opened);
  const users = Object.entries(passwords).flatMap(([name, password]) => [
    `${name}:`,
    `  hash: "${hashOf(password, jars)}"`,
    ...(name === 'admin' ? ['  backend_roles: ["admin"]'] : []),
  ]);
  write(security, 'internalusers', 'internal_users.yml', users);
  write(security, 'roles', 'roles.yml', [
    'results:',
    '  cluster_permissions: ["cluster_composite_ops_ro"]',
    '  index_permissions:',
    '    - index_patterns: ["pscheduler*"]',
    '      allowed_actions: ["read", "indices:monitor/settings/get"]',
  ]);
  write(security, 'rolesmapping', 'roles_mapping.yml', [
    'all_access:',
    '  backend_roles: ["admin"]',
    'results:',
    '  backend_roles: ["opendistro_security_anonymous_backendrole"]',
    '  users: ["reader"]',
  ]);
  const pem = ['pemcert_filepath: node.pem', 'pemkey_filepath: node.key'];
  const layers = ['http', 'transport'].flatMap((layer) =>
    [...pem, 'pemtrustedcas_filepath: ca.pem'].map((each) => `${layer}.${each}`),
  );
  return [
    ...layers.map((each) => `plugins.security.ssl.${each}`),
    'plugins.security.ssl.http.enabled: true',
    'plugins.security.ssl.transport.enforce_hostname_verification: false',
    'plugins.security.allow_default_init_securityindex: true',
    'plugins.security.nodes_dn: ["CN=localhost"]',
  ];
}

function write(folder: string, type: string, name: string, lines: readonly string[]): void {
  const meta = ['_meta:', `  type: "${type}"`, '  config_version: 2'];
  if (!existsSync(join(folder, name))) throw new Error(`the plugin has no ${name}`);
  writeFileSync(join(folder, name), [...meta, ...lines, ''].join('\n'));
}

function hashOf(password: string, jars: string): string {
  const program = 'org.opensearch.security.tools.Hasher';
  const output = execFileSync('java', ['-cp', `${jars}/*`, program, '-p', password], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return output.trim().split('\n').at(-1) ?? '';
}

function makeCertificates(folder: string): void {
  const openssl = (...options: string[]) =>
    execFileSync('openssl', options, { cwd: folder, stdio: 'ignore' });
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  const days = ['-days', '30'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    ...days,
    '-subj',
    '/CN=ca',
  );
  openssl('req', ...key, '-keyout', 'node.key', '-out', 'node.csr', '-subj', '/CN=localhost');
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  const authority = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'];
  const names = ['-extfile', 'names', '-in', 'node.csr', '-out', 'node.pem'];
  openssl('x509', '-req', ...authority, ...days, ...names);
}
