import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArchiveDialect } from '../../../../src/demo/archive/response.ts';
import { type RunningDemoArchive, startDemoArchive } from '../../../../src/demo/archive/server.ts';
import { metadataKey } from '../../../../src/demo/archive/testMetadata.ts';
import { now, recorded, simulation, testById } from '../../../helpers/demo/recorded.ts';
import { ask, askJson, type DataPoint, type ListedTest } from './ask.ts';

const dialects: readonly ArchiveDialect[] = ['esmond', 'elmond'];

describe.each(dialects)('%s', (dialect) => {
  let archive: RunningDemoArchive;
  let time = now;
  const keyOf = (id: string): string => metadataKey(testById(id), dialect);
  const list = (query: string) => askJson<ListedTest[]>(`${archive.url}/?${query}`);
  const data = (id: string, event: string, query: string) => {
    return askJson<DataPoint[]>(`${archive.url}/${keyOf(id)}/${event}/base/0?${query}`);
  };

  beforeAll(async () => {
    archive = await startDemoArchive({ port: 0, now, seed: 1, dialect, clock: () => time });
  });
  afterAll(() => archive.close());

  it('listens only on 127.0.0.1', async () => {
    const { hostname, port } = new URL(archive.url);
    expect(hostname).toBe('127.0.0.1');
    const reach = (host: string) => {
      return new Promise((resolve) => {
        const socket = connect(Number(port), host, () => resolve('connected'));
        socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
        socket.on('close', () => socket.destroy());
      });
    };
    expect(await reach('127.0.0.2')).toBe('ECONNREFUSED');
    expect(await reach('::1')).not.toBe('connected');
  });

  it('lists every test of the mesh in pages, with the paging keys only on the first test of a page', async () => {
    const query = 'event-type=packet-trace&time-range=172800';
    const all = await list(`${query}&limit=1000`);
    expect(all.length).toBe(simulation.tests.length);
    expect(all[0]?.['metadata-count-total']).toBe(all.length);
    expect(all[0]?.['metadata-next-page']).toBeNull();
    expect(all[1]).not.toHaveProperty('metadata-count-total');
    const pages = await Promise.all(
      [0, 60, 120, 180].map((offset) => list(`${query}&limit=60&offset=${offset}`)),
    );
    expect(pages.map((page) => page.length)).toEqual([60, 60, all.length - 120, 0]);
    expect(pages.flat().map((test) => test['metadata-key'])).toEqual(
      all.map((test) => test['metadata-key']),
    );
    expect(pages[0]?.[0]?.['metadata-previous-page']).toBeNull();
    expect(pages[1]?.[0]?.['metadata-next-page']).toContain('offset=120');
  });

  it('filters tests by address, name, key and tool', async () => {
    const test = testById('gva-msn-v4-tracepath');
    const source = simulation.addressOf('gva', 4);
    const byAddress = await list(`source=${source}&destination=${simulation.addressOf('msn', 4)}`);
    expect(byAddress.map((found) => found['tool-name']).sort()).toEqual([
      'pscheduler/tracepath',
      'pscheduler/traceroute',
    ]);
    const byName = await list(`source=${test.source.host}`);
    expect(new Set(byName.map((found) => found.source))).toEqual(
      new Set([source, simulation.addressOf('gva', 6)]),
    );
    const byKey = await list(`metadata-key=${keyOf(test.id)}`);
    expect(byKey.map((found) => found['input-source'])).toEqual([test.source.host]);
    const byTool = await list('tool-name=pscheduler/tracepath');
    expect(byTool.length).toBe(simulation.tests.filter(({ tool }) => tool === 'tracepath').length);
  });

  it('responds to an unknown filter with an empty list, to an unknown host with 400', async () => {
    expect(await list('sorce=192.0.2.1')).toEqual([]);
    expect(await list('source=192.0.2.254')).toEqual([]);
    const unknown = await ask(`${archive.url}/?source=no.such.example`);
    expect(unknown.status).toBe(400);
    expect(unknown.text).toContain('Unable to find address for host no.such.example');
  });

  it('rejects times that are not whole seconds or end before they start', async () => {
    const { url } = archive;
    for (const query of ['time-start=yesterday', 'time-range=1.5', 'time-start=20&time-end=10']) {
      expect((await ask(`${url}/?${query}`)).status, query).toBe(400);
      const path = `${url}/${keyOf('gva-lis-v4-traceroute')}/packet-trace/base/0`;
      expect((await ask(`${path}?${query}`)).status, query).toBe(400);
    }
  });

  it('returns the simulated traces in order of time, both bounds included', async () => {
    const id = 'bgo-sea-v4-traceroute';
    const good = recorded(testById(id)).filter(({ run }) => run.failure === null);
    const [first, last] = [good[10]?.run.startedAt ?? 0, good[40]?.run.startedAt ?? 0];
    const points = await data(
      id,
      'packet-trace',
      `time-start=${first}&time-end=${last}&limit=1000`,
    );
    const times = points.map((point) => point.ts);
    expect(times.at(0)).toBe(first);
    expect(times.at(-1)).toBe(last);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(31);
    const hops = good[10]?.hops ?? [];
    expect(points[0]?.val.map((hop) => hop.ip ?? null)).toEqual(hops.map((hop) => hop.address));
    expect(points[0]?.val.map((hop) => hop.rtt ?? null)).toEqual(hops.map((hop) => hop.rttMs));
    expect(points[0]?.val.map((hop) => hop.ttl)).toEqual(hops.map((_, index) => index + 1));
  });

  it('marks a silent hop as a success without address, an ICMP error as a failure with one', async () => {
    const [point] = await data('gva-osa-v4-traceroute', 'packet-trace', 'time-range=7200&limit=1');
    expect(point?.val[0]).toEqual({ query: 1, success: 1, ttl: 1 });
    const refused = point?.val.at(-1);
    expect(refused).toMatchObject({
      success: 0,
      'error-message': 'communication-administratively-prohibited',
    });
    expect(refused).toHaveProperty('ip');
  });

  it('heeds limit and offset', async () => {
    const id = 'bgo-lis-v4-traceroute';
    const whole = await data(id, 'packet-trace', 'time-range=20000&limit=1000');
    const part = await data(id, 'packet-trace', 'time-range=20000&limit=5&offset=3');
    expect(part).toEqual(whole.slice(3, 8));
  });

  it('has path MTUs only for tracepath', async () => {
    const mtus = await data('gva-msn-v4-tracepath', 'path-mtu', 'time-range=172800');
    expect(new Set(mtus.map((point) => point.val))).toEqual(new Set([9000, 1500]));
    expect(await data('gva-msn-v4-traceroute', 'path-mtu', 'time-range=172800')).toEqual([]);
  });

  it('stores failed runs as failures', async () => {
    const id = 'hel-gva-v6-traceroute';
    const failures = await data(id, 'failures', 'time-range=3600');
    expect(failures[0]?.val).toEqual({ error: 'connect: Network is unreachable' });
    expect(await data(id, 'packet-trace', 'time-range=3600')).toEqual([]);
  });

  it('responds to an unknown key with an empty list, to an unknown event type with 400', async () => {
    expect(await askJson(`${archive.url}/${'0'.repeat(32)}/packet-trace/base/0`)).toEqual([]);
    const unknown = await ask(`${archive.url}/${keyOf('gva-lis-v4-traceroute')}/weather/base/0`);
    expect(unknown.status).toBe(400);
    expect(
      (await ask(`${archive.url}/${keyOf('gva-lis-v4-traceroute')}/packet-trace/base/300`)).status,
    ).toBe(dialect === 'esmond' ? 200 : 400);
  });

  it('describes one test under its key', async () => {
    const slash = dialect === 'esmond' ? '/' : '';
    const one = await askJson<ListedTest>(
      `${archive.url}/${keyOf('lis-sea-v4-tracepath')}${slash}`,
    );
    expect(one.source).toBe(simulation.addressOf('lis', 4));
    expect((await ask(`${archive.url}/${'0'.repeat(32)}${slash}`)).status).toBe(404);
  });

  it('compresses responses for clients that accept it', async () => {
    const url = `${archive.url}/${keyOf('bgo-sea-v4-traceroute')}/packet-trace/base/0?time-range=36000`;
    const [plain, packed] = await Promise.all([
      ask(url),
      ask(url, { 'accept-encoding': 'gzip, br' }),
    ]);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.text).toBe(plain.text);
    expect(packed.wireBytes).toBeLessThan(plain.wireBytes / 5);
  });

  it('responds to wrong paths and methods like a web server, never in JSON', async () => {
    const { origin } = new URL(archive.url);
    for (const path of ['/', '/other', '/esmond/perfsonar/archivex', '//', '/%00']) {
      const answer = await ask(`${origin}${path}`);
      expect(answer.status, path).toBe(404);
      expect(answer.headers['content-type'], path).toContain('text/html');
    }
    expect((await ask(`${archive.url}/`, {}, 'POST')).status).toBe(405);
  });

  it('shows results by the clock, late ones when they arrive', async () => {
    const id = 'osa-sea-v4-traceroute';
    const window = `time-start=${now - 3 * 3600}&time-end=${now + 86_400}&limit=1000`;
    const before = await data(id, 'packet-trace', window);
    time = now + 4 * 3600;
    const after = await data(id, 'packet-trace', window);
    time = now;
    const sinceThen = (points: DataPoint[], from: number, to: number): number => {
      return new Set(points.map(({ ts }) => ts).filter((ts) => from <= ts && ts < to)).size;
    };
    const lateHours = [now - 3 * 3600, now - 3600] as const;
    expect(sinceThen(before, ...lateHours)).toBe(0);
    expect(sinceThen(after, ...lateHours)).toBeGreaterThanOrEqual(10);
    expect(sinceThen(before, now, now + 86_400)).toBe(0);
    expect(sinceThen(after, now, now + 86_400)).toBeGreaterThanOrEqual(22);
  });

  it("limits a response to the server's default, oldest results first", async () => {
    time = now + 12 * 86_400;
    const points = await data('bgo-hel-v4-traceroute', 'packet-trace', 'time-start=0');
    time = now;
    expect(points.length).toBe(dialect === 'esmond' ? 1500 : 1000);
    expect(points[0]?.ts).toBeLessThan(now - 47 * 3600);
  });
});
