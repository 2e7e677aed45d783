import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { trace } from '../../../helpers/fakeArchive.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { day, hour, keyOf, type Story, start, story } from './story.ts';

const cut = start + 2 * day;
const end = start + 20 * day;
const other = { destination: '203.0.113.10', 'input-destination': 'ps-c.example.org' };

const pageOf = (mesh: Story, id: string) =>
  readFileSync(join(mesh.out, 'tests', id, 'index.html'), 'utf8');

describe('a host with another address', () => {
  const renumbered = { destination: '203.0.113.90' };

  async function renumberedMesh() {
    const mesh = await story([keyOf('a', [start, cut])]);
    for (const at of [start + day, cut]) await mesh.run(at);
    const [old = ''] = mesh.matrix();
    mesh.tests.push(keyOf('b', [cut, end], renumbered));
    for (const hours of [1, 3, 24]) await mesh.run(cut + hours * hour);
    const later = mesh.matrix().find((id) => id !== old) ?? '';
    return { mesh, old, later };
  }

  test('is offered as the same test, and joined only by an operator', async () => {
    const { mesh, old, later } = await renumberedMesh();
    expect(new Set(mesh.matrix())).toEqual(new Set([old, later]));
    const at = cut + 24 * hour;
    const command = `pstrace tests link ${old} ${later}`;
    expect(readFileSync(join(mesh.out, 'status.html'), 'utf8')).toContain(command);
    const listed = await mesh.command(at, 'tests', 'list');
    expect(listed.stdout).toContain(`${old}  ps-a.example.net → ps-b.example.org (IPv4`);
    expect(listed.stdout).toContain('silent since 2026-11-21 23:30 UTC');
    expect(listed.stdout).toContain(command);
    const mails = mesh.box.received.length;
    expect(await mesh.command(at, 'tests', 'link', old, later)).toMatchObject({ code: 0 });
    await mesh.run(at + hour);
    await mesh.run(at + 2 * hour);
    expect(mesh.matrix()).toEqual([old]);
    const json = mesh.json(`data/tests/${old}.json`) as { test: object; state: string };
    expect(json).toMatchObject({
      state: 'ok',
      test: { destination: { address: '203.0.113.90' }, keys: [{}, { key: 'b'.repeat(32) }] },
    });
    expect(existsSync(join(mesh.out, 'tests', later))).toBe(false);
    const about = mesh.box.received.slice(mails).map(({ mail }) => mail.subject);
    expect(about.filter((subject) => !/recovered/.test(subject ?? ''))).toEqual([]);
    expect((await mesh.command(at + 2 * hour, 'tests', 'list')).stdout).not.toContain('perhaps');
  });

  test('that was measured beside the old one is not joined at all', async () => {
    const mesh = await story([keyOf('a', [start, end]), keyOf('b', [start, end], renumbered)]);
    await mesh.run(start + day);
    const [a = '', b = ''] = mesh.matrix();
    const { code, stderr } = await mesh.command(start + day, 'tests', 'link', a, b);
    expect(code).toBe(64);
    expect(stderr).toContain('were measured at the same time');
  });

  test('that was measured beside the old one is not joined once that time is pruned', async () => {
    const old = keyOf('a', [start, start + 4 * day]);
    const beside = keyOf('b', [start, end], renumbered);
    const mesh = await story([old, beside], '[store]\nretention = "2d"');
    for (let days = 1; days <= 8; days++) await mesh.run(start + days * day);
    const [a = '', b = ''] = mesh.matrix();
    const at = start + 8 * day;
    expect((await mesh.command(at, 'tests', 'list')).stdout).not.toContain('tests link');
    const { code, stderr } = await mesh.command(at, 'tests', 'link', a, b);
    expect(code).toBe(64);
    expect(stderr).toContain('were measured at the same time');
  });

  test('is joined to the earlier test, not the other way round', async () => {
    const { mesh, old, later } = await renumberedMesh();
    const { code, stderr } = await mesh.command(cut + day, 'tests', 'link', later, old);
    expect(code).toBe(64);
    expect(stderr).toContain(`pstrace tests link ${old} ${later}`);
  });
});

describe('retiring', () => {
  async function silentMesh() {
    const mesh = await story([keyOf('a', [start, end]), keyOf('b', [start, cut], other)]);
    for (const at of [start + day, cut, cut + 20 * hour]) await mesh.run(at);
    const gone = mesh.matrix().find((id) => id.includes('203.0.113.10')) ?? '';
    return { mesh, gone, at: cut + 20 * hour };
  }

  test('takes a test out of the matrix and the check; its page stays', async () => {
    const { mesh, gone, at } = await silentMesh();
    expect(await mesh.command(at, 'check')).toMatchObject({ code: 1 });
    const retired = await mesh.command(at, 'tests', 'retire', '* > 203.0.113.10');
    expect(retired).toMatchObject({ code: 0, stderr: '' });
    expect(retired.stdout).toContain('retired at 2026-11-22 20:00 UTC by an operator');
    expect(await mesh.command(at, 'check')).toMatchObject({ code: 0 });
    const mails = mesh.box.received.length;
    await mesh.run(at + hour);
    expect(await mesh.command(at + hour, 'check')).toMatchObject({ code: 0 });
    expect(mesh.matrix()).not.toContain(gone);
    expect(pageOf(mesh, gone)).toContain('Retired at 2026-11-22 20:00 UTC by an operator.');
    expect(mesh.json(`data/tests/${gone}.json`)).toMatchObject({ test: { retiredBy: 'operator' } });
    expect(mesh.classes()).toEqual(['vanished', 'retired']);
    const { incidents } = mesh.json('data/incidents.json') as { incidents: { status: string }[] };
    expect(incidents.map(({ status }) => status)).toEqual(['recovered', 'recovered']);
    expect(mesh.box.received).toHaveLength(mails);
    expect((await mesh.command(at, 'tests', 'list')).stdout).not.toContain(gone);
    expect((await mesh.command(at, 'tests', 'list', '--all')).stdout).toContain(gone);
  });

  test('is undone by an operator', async () => {
    const { mesh, gone, at } = await silentMesh();
    await mesh.command(at, 'tests', 'retire', gone);
    expect(await mesh.command(at + 60, 'tests', 'retire', '--undo', gone)).toMatchObject({
      code: 0,
    });
    await mesh.run(at + hour);
    expect(mesh.matrix()).toContain(gone);
    expect(pageOf(mesh, gone)).not.toContain('Retired at');
  });

  test('never is a recovery, even if it is undone', async () => {
    const living = keyOf('b', [start, cut], other);
    const answered = living.results?.['packet-trace'] ?? [];
    const missed = [0, 1, 2, 3].map((n) => trace(cut + n * 1800, '198.51.100.1', '198.51.100.2'));
    const dying = { ...living, results: { 'packet-trace': [...answered, ...missed] } };
    const mesh = await story([keyOf('a', [start, end]), dying]);
    const retiredAt = cut + 4 * hour;
    for (const at of [start + day, cut + 2 * hour, retiredAt]) await mesh.run(at);
    const subjects = () => mesh.box.received.map(({ mail }) => mail.subject ?? '');
    expect(subjects()).toEqual([expect.stringContaining('unreachable')]);
    expect(await mesh.command(retiredAt, 'tests', 'retire', '203.0.113.10')).toMatchObject({
      code: 0,
    });
    await mesh.command(retiredAt + 60, 'tests', 'retire', '--undo', '203.0.113.10');
    await mesh.run(retiredAt + hour);
    expect(subjects()).toHaveLength(1);
  });

  test('ends when the test delivers again, and pstrace says so', async () => {
    const { mesh, gone, at } = await silentMesh();
    await mesh.command(at, 'tests', 'retire', gone);
    await mesh.run(at + hour);
    const back = keyOf('b', [at + 2 * hour, end], other);
    const before = mesh.tests[1]?.results?.['packet-trace'] ?? [];
    mesh.tests[1] = {
      ...back,
      results: { 'packet-trace': [...before, ...(back.results?.['packet-trace'] ?? [])] },
    };
    await mesh.run(at + 3 * hour);
    await mesh.run(at + 4 * hour);
    expect(mesh.matrix()).toContain(gone);
    expect(mesh.classes()).toEqual(['vanished', 'retired', 'returned']);
  });

  test('spares tests that still deliver, which would come back without their changes', async () => {
    const { mesh, gone, at } = await silentMesh();
    const [kept = ''] = mesh.matrix().filter((id) => id !== gone);
    const refused = await mesh.command(at, 'tests', 'retire', kept);
    expect(refused).toMatchObject({ code: 64, stdout: '' });
    expect(refused.stderr).toContain('1 selected test would come back with the next result.');
    const both = await mesh.command(at, 'tests', 'retire', kept, gone);
    expect(both).toMatchObject({ code: 0 });
    expect(both.stderr).toContain(`${kept} still delivers and stays in the mesh`);
    expect(both.stdout).toContain(gone);
    expect(both.stdout).not.toContain(kept);
  });

  test('shows at once, in the incidents and in what render writes', async () => {
    const { mesh, gone, at } = await silentMesh();
    await mesh.command(at + 60, 'tests', 'retire', gone);
    expect((await mesh.command(at + 120, 'accept')).stdout).toBe('');
    await mesh.command(at + 120, 'render', '--out', mesh.out);
    expect(mesh.matrix()).not.toContain(gone);
    expect(pageOf(mesh, gone)).toContain('Retired at 2026-11-22 20:01 UTC by an operator.');
    expect(mesh.classes()).toEqual(['vanished', 'retired']);
  });

  test('selects only tests that exist', async () => {
    const { mesh, at } = await silentMesh();
    const { code, stderr } = await mesh.command(at, 'tests', 'retire', 'nobody.example.org');
    expect(code).toBe(64);
    expect(stderr).toContain('No stored test matches nobody.example.org');
  });
});

describe('a template that no longer contains a test', () => {
  const template = (...hosts: string[]) => ({
    addresses: Object.fromEntries(hosts.map((address) => [address, { address }])),
    groups: { g: { type: 'mesh', addresses: hosts.map((name) => ({ name })) } },
    tests: { t: { type: 'trace', spec: { source: '{% address[0] %}', dest: '{% address[1] %}' } } },
    tasks: { x: { group: 'g', test: 't' } },
  });

  test('retires it after seven days without a result, and the digest says so once', async () => {
    const file = join(tempDir(), 'mesh.json');
    const write = (...hosts: string[]) => writeFileSync(file, JSON.stringify(template(...hosts)));
    const hosts = ['ps-a.example.net', 'ps-b.example.org', 'ps-c.example.org'];
    write(...hosts);
    const settings = `[psconfig]\nurl = "${file}"`;
    const mesh = await story([keyOf('a', [start, end]), keyOf('b', [start, cut], other)], settings);
    for (const at of [start + day, cut]) await mesh.run(at);
    const gone = mesh.matrix().find((id) => id.includes('203.0.113.10')) ?? '';
    write(...hosts.slice(0, 2));
    mesh.tests.pop();
    for (let days = 1; days <= 6; days++) await mesh.run(cut + days * day);
    expect(mesh.matrix()).toContain(gone);
    for (let days = 7; days <= 11; days++) await mesh.run(cut + days * day + 8 * hour);
    expect(mesh.matrix()).not.toContain(gone);
    expect(pageOf(mesh, gone)).toContain('because the psConfig template no longer contains it');
    expect(mesh.classes()).toEqual(['vanished', 'retired']);
    const digests = mesh.box.received.filter(({ mail }) => mail.text?.includes('retired'));
    expect(digests.map(({ mail }) => mail.subject)).toEqual([expect.stringContaining('digest')]);
    write(...hosts);
    await mesh.run(cut + 12 * day);
    expect(mesh.matrix()).toContain(gone);
  });

  test('that still contains it keeps it, however long it is silent', async () => {
    const file = join(tempDir(), 'mesh.json');
    writeFileSync(
      file,
      JSON.stringify(template('ps-a.example.net', 'ps-b.example.org', 'ps-c.example.org')),
    );
    const mesh = await story(
      [keyOf('a', [start, end]), keyOf('b', [start, cut], other)],
      `[psconfig]\nurl = "${file}"`,
    );
    for (const at of [start + day, cut]) await mesh.run(at);
    const gone = mesh.matrix().find((id) => id.includes('203.0.113.10')) ?? '';
    mesh.tests.pop();
    for (let days = 1; days <= 10; days++) await mesh.run(cut + days * day);
    expect(mesh.matrix()).toContain(gone);
    expect(mesh.classes()).toEqual(['vanished']);
  });
});

test('forget deletes a test with all that is stored of it, once it is confirmed', async () => {
  const mesh = await story([keyOf('a', [start, end]), keyOf('b', [start, cut], other)]);
  for (const at of [start + day, cut, cut + 20 * hour]) await mesh.run(at);
  const at = cut + 20 * hour;
  const gone = mesh.matrix().find((id) => id.includes('203.0.113.10')) ?? '';
  const refused = await mesh.command(at, 'tests', 'forget', gone);
  expect(refused.code).toBe(64);
  expect(refused.stderr).toContain('This would delete 1 test with all traces, routes and changes.');
  expect(refused.stdout).toContain(gone);
  expect((await mesh.command(at, 'tests', 'list')).stdout).toContain(gone);
  expect(await mesh.command(at, 'tests', 'forget', '--yes', gone)).toMatchObject({ code: 0 });
  mesh.tests.pop();
  await mesh.run(at + hour);
  expect(mesh.matrix()).not.toContain(gone);
  expect(mesh.classes()).toEqual([]);
  expect(existsSync(join(mesh.out, 'tests', gone))).toBe(false);
  const file = join(tempDir(), 'export.ndjson');
  expect(await mesh.command(at + hour, 'db', 'export', file)).toMatchObject({ code: 0 });
  const exported = readFileSync(file, 'utf8');
  expect(exported).toContain('"record":"end"');
  expect(exported).not.toContain(gone);
  expect(await mesh.command(at + hour, 'db', 'check')).toMatchObject({ code: 0 });
});
