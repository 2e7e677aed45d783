import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../conf/systemd');
const services = globSync('*.service', { cwd: folder }).sort();
const linesOf = (name: string) => readFileSync(join(folder, name), 'utf8').split('\n');

/** Settings of systemd that take rights from a service. */
const hardening =
  /^(Protect|Private|Restrict|Lock|NoNewPrivileges|SystemCall|CapabilityBoundingSet)/;
/** What the services that measure need beyond those that only read archives. */
const ownSetting = /^CapabilityBoundingSet=/;

test('every service is equally hardened', () => {
  expect(services).toEqual(['pstrace-monitor.service', 'pstrace-mtr.service', 'pstrace.service']);
  const settings = services.map((name) =>
    linesOf(name)
      .filter((line) => hardening.test(line) && !ownSetting.test(line))
      .sort(),
  );
  expect(settings[0]?.length).toBeGreaterThan(15);
  for (const each of settings) expect(each).toEqual(settings[0]);
  for (const name of services)
    expect(
      linesOf(name).filter((line) => ownSetting.test(line)),
      name,
    ).toHaveLength(1);
});

test('no service needs a folder that a fresh installation does not have yet', () => {
  const paths = services.flatMap(linesOf).flatMap((line) => {
    const [, value = ''] = /^(?:ReadWrite|ReadOnly|BindReadOnly|Bind)Paths=(.*)/.exec(line) ?? [];
    return value.split(' ').filter((path) => path !== '');
  });
  expect(paths.length).toBeGreaterThan(0);
  // systemd ignores a missing path only if a hyphen is before it.
  expect(paths.filter((path) => !path.startsWith('-'))).toEqual([]);
});
