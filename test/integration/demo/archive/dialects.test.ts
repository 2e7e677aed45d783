import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningDemoArchive, startDemoArchive } from '../../../../src/demo/archive/server.ts';
import { metadataKey } from '../../../../src/demo/archive/testMetadata.ts';
import { during, eventOf, now, simulation, testById } from '../../../helpers/demo/recorded.ts';
import { ask, askJson, type DataPoint, type ListedTest } from './ask.ts';

const test = testById('gva-msn-v4-tracepath');

/** The response to the first of `paths`, relative to the base URL. */
async function statuses(base: string, paths: readonly string[]): Promise<number[]> {
  const answers = await Promise.all(paths.map((path) => ask(`${base}${path}`)));
  return answers.map((answer) => answer.status);
}

describe('esmond', () => {
  let archive: RunningDemoArchive;
  const key = metadataKey(test, 'esmond');
  const list = (query: string) => askJson<ListedTest[]>(`${archive.url}/?${query}`);

  beforeAll(async () => {
    archive = await startDemoArchive({ port: 0, now, seed: 1, dialect: 'esmond' });
  });
  afterAll(() => archive.close());

  it('has keys of 32 digits, parameters as text, and a url that says localhost', async () => {
    const [found] = await list(`metadata-key=${key}`);
    expect(found?.['metadata-key']).toMatch(/^[0-9a-f]{32}$/);
    expect(found?.['time-duration']).toBe('30.0');
    expect(found?.['trace-max-ttl']).toBe('30');
    expect(found?.url).toMatch(/^http:\/\/localhost\//);
    expect(found?.['event-types'][0]?.['base-uri']).toMatch(/\/base$/);
  });

  it('lists by key, compact, with a Link to the next page', async () => {
    const answer = await ask(`${archive.url}/?limit=50`);
    const keys = (JSON.parse(answer.text) as ListedTest[]).map((found) => found['metadata-key']);
    expect(keys).toEqual(keys.toSorted());
    expect(answer.text).not.toContain('\n');
    expect(answer.headers.link).toMatch(/^<http:.*offset=50.*>; rel="next"$/);
  });

  it('accepts data paths with or without a slash, requires one after a key, and redirects the base', async () => {
    const paths = ['/base', '/base/', '/base/0', '/base/0/'].map(
      (end) => `/${key}/packet-trace${end}`,
    );
    expect(await statuses(archive.url, paths)).toEqual([200, 200, 200, 200]);
    expect(await statuses(archive.url, ['', `/${key}`, `/${key}/path-mtu`])).toEqual([
      301, 301, 200,
    ]);
    expect((await ask(`${archive.url}?limit=1`)).headers.location).toMatch(/archive\/\?limit=1$/);
  });

  it('compares the window with the last result: a past window lists only tests that stopped in it', async () => {
    const gone = eventOf('vanished-test');
    const past = await list(
      `event-type=packet-trace&time-start=${gone.from - 3600}&time-end=${gone.from + 3600}`,
    );
    expect(past.map((found) => found['metadata-key'])).toEqual(
      gone.tests.map((id) => metadataKey(testById(id), 'esmond')),
    );
    const failing = eventOf('family-down').tests.filter((id) => id.startsWith('hel-'));
    const keys = (await list('event-type=packet-trace&time-range=3600')).map(
      (found) => found['metadata-key'],
    );
    for (const id of failing) expect(keys).not.toContain(metadataKey(testById(id), 'esmond'));
    const failed = await list('event-type=failures&time-range=3600');
    expect(failed.length).toBeGreaterThanOrEqual(failing.length);
  });

  it('lists event types without results, with time-updated null', async () => {
    const [found] = await list(
      `metadata-key=${metadataKey(testById('gva-msn-v4-traceroute'), 'esmond')}`,
    );
    const updated = Object.fromEntries(
      (found?.['event-types'] ?? []).map((type) => [type['event-type'], type['time-updated']]),
    );
    expect(updated['path-mtu']).toBeNull();
    expect(updated['packet-trace']).toBeGreaterThan(now - 1800);
  });

  it('rejects in JSON', async () => {
    const refused = await ask(`${archive.url}/${key}/weather/base`);
    expect(refused.headers['content-type']).toBe('application/json');
    expect(JSON.parse(refused.text)).toHaveProperty('detail');
    expect(await statuses(archive.url, [`/${key}/packet-trace/base/0?limit=abc`])).toEqual([500]);
  });

  it('has run addresses as objects, several flows only for paris-traceroute, and one result per second', async () => {
    const [run] = await askJson<DataPoint<unknown>[]>(
      `${archive.url}/${key}/pscheduler-run-href/base?limit=1`,
    );
    expect(run?.val).toHaveProperty('href');
    const paris = metadataKey(testById('bgo-msn-v4-paris-traceroute'), 'esmond');
    const [multi] = await askJson<DataPoint<unknown[][]>[]>(
      `${archive.url}/${paris}/packet-trace-multi/base?limit=1`,
    );
    expect(multi?.val[0]?.length).toBeGreaterThan(10);
    expect(await askJson(`${archive.url}/${key}/packet-trace-multi/base`)).toEqual([]);
    const points = await askJson<DataPoint[]>(`${archive.url}/${key}/packet-trace/base`);
    expect(new Set(points.map(({ ts }) => ts)).size).toBe(points.length);
  });

  it('names the next page of a limited response', async () => {
    const answer = await ask(`${archive.url}/${key}/packet-trace/base?limit=2`);
    expect(answer.headers.link).toMatch(/offset=2.*rel="next"/);
  });
});

describe('elmond', () => {
  let archive: RunningDemoArchive;
  const key = metadataKey(test, 'elmond');
  const list = (query: string) => askJson<ListedTest[]>(`${archive.url}/?${query}`);

  beforeAll(async () => {
    archive = await startDemoArchive({ port: 0, now, seed: 1, dialect: 'elmond' });
  });
  afterAll(() => archive.close());

  it('has keys of 64 digits, parameters as numbers, and a url with the path twice and the query', async () => {
    const [found] = await list(`metadata-key=${key}`);
    expect(found?.['metadata-key']).toMatch(/^[0-9a-f]{64}$/);
    expect(found?.['time-duration']).toBe(30);
    expect(found?.['trace-max-ttl']).toBe(30);
    expect(found?.url).toMatch(/archive\/esmond\/perfsonar\/archive\/\w+\?metadata-key=/);
    expect(found?.['event-types'][0]?.['base-uri']).toMatch(/\/base\/0$/);
  });

  it('prints indented JSON with sorted keys', async () => {
    const { text } = await ask(`${archive.url}/?limit=1`);
    expect(text).toContain('\n    {\n');
    const names = Object.keys((JSON.parse(text) as ListedTest[])[0] ?? {});
    expect(names).toEqual(names.toSorted());
    const data = await ask(`${archive.url}/${key}/packet-trace/base/0?limit=1`);
    const [point] = JSON.parse(data.text) as DataPoint[];
    for (const hop of point?.val ?? [])
      expect(Object.keys(hop)).toEqual(Object.keys(hop).toSorted());
  });

  it('lists the newest run first, and limits the next page to the remaining tests', async () => {
    const all = await list('time-range=172800');
    const newest = await Promise.all(
      all.slice(0, 8).map(async (found) => {
        const path = `/${found['metadata-key']}/pscheduler-run-href/base/0?time-range=7200`;
        const points = await askJson<DataPoint<string>[]>(`${archive.url}${path}`);
        return points.at(-1)?.ts ?? 0;
      }),
    );
    expect(newest).toEqual(newest.toSorted((a, b) => b - a));
    const [first] = await list('time-range=172800&limit=100');
    expect(first?.['metadata-next-page']).toContain(`limit=${all.length - 100}`);
  });

  it('lists every test that ran in a past window', async () => {
    const failure = eventOf('link-failure');
    const past = await list(
      `event-type=packet-trace&time-start=${failure.from}&time-end=${failure.until}`,
    );
    const ran = simulation.tests.filter((candidate) => during(candidate, failure).length > 0);
    expect(past.length).toBe(ran.length);
  });

  it('has data only at base/0, and keys without a slash', async () => {
    const ends = ['/base', '/base/', '/base/0/', ''].map((end) => `/${key}/packet-trace${end}`);
    expect(await statuses(archive.url, ends)).toEqual([404, 404, 404, 404]);
    expect(await statuses(archive.url, ['', `/${key}`, `/${key}/`])).toEqual([308, 200, 404]);
  });

  it('fails on unknown list filters', async () => {
    const filters = ['failures', 'packet-trace-multi', 'pscheduler-run-href', 'weather'];
    const queries = [...filters.map((name) => `/?event-type=${name}`), '/?summary-type=base'];
    expect(await statuses(archive.url, queries)).toEqual([500, 500, 500, 500, 500]);
  });

  it('bounds limit and offset, and rejects in HTML', async () => {
    const data = `/${key}/packet-trace/base/0`;
    const paths = [
      '/?limit=10001',
      `${data}?limit=10001`,
      `${data}?limit=abc`,
      `${data}?limit=10000&offset=1`,
    ];
    expect(await statuses(archive.url, paths)).toEqual([400, 400, 400, 500]);
    const refused = await ask(`${archive.url}/?source=%3Cb%3E`);
    expect(refused.status).toBe(400);
    expect(refused.headers['content-type']).toContain('text/html');
    expect(refused.text).not.toContain('<b');
  });

  it('has run addresses as text, several flows for any tool, and duplicate results', async () => {
    const at = (event: string, query = '') => `${archive.url}/${key}/${event}/base/0?${query}`;
    const [run] = await askJson<DataPoint<unknown>[]>(at('pscheduler-run-href', 'limit=1'));
    expect(run?.val).toMatch(/^https:/);
    const [multi] = await askJson<DataPoint<unknown[][]>[]>(at('packet-trace-multi', 'limit=1'));
    expect(multi?.val[0]?.length).toBeGreaterThan(10);
    const points = await askJson<DataPoint[]>(at('packet-trace', 'limit=1000'));
    expect(new Set(points.map(({ ts }) => ts)).size).toBeLessThan(points.length);
  });

  it('has one time-updated for all event types, up to a day old', async () => {
    const all = await list('time-range=3600');
    for (const found of all) {
      expect(new Set(found['event-types'].map((type) => type['time-updated'])).size).toBe(1);
    }
    const updated = all.map((found) => found['event-types'][0]?.['time-updated'] ?? 0);
    expect(Math.min(...updated)).toBeLessThan(now - 12 * 3600);
  });

  it('confuses tool names that share a word, and never finds names with a dash', async () => {
    const paris = simulation.tests.filter(({ tool }) => tool === 'paris-traceroute').length;
    const classic = simulation.tests.filter(({ tool }) => tool === 'traceroute').length;
    expect((await list('tool-name=pscheduler/traceroute')).length).toBe(classic + paris);
    expect(await list('tool-name=paris-traceroute')).toEqual([]);
    expect(await list(`input-source=${test.source.host}`)).toEqual([]);
  });
});
