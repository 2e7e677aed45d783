import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Config, loadConfig, parseConfig } from '../../../src/config/load.ts';

const root = '/srv/pstrace';
const file = '/srv/pstrace/conf/pstrace.toml';

/** A configuration without anything about alerts. */
const tellsNobody = {
  siteUrl: null,
  alerts: null,
  groups: [],
  policies: [],
  prometheusFile: null,
  file,
};

function good(text: string): Config {
  const { config, faults } = parseConfig(text, file, root);
  if (config === null) throw new Error(faults.map((each) => each.message).join('\n'));
  return config;
}

function messages(text: string): string[] {
  return (parseConfig(text, 'p.toml', root).faults ?? []).map((each) => each.message);
}

describe('a good file', () => {
  test('an empty file is the defaults', () => {
    expect(good('')).toEqual({
      archives: [],
      windowSeconds: 86_400,
      out: '/srv/pstrace/html',
      state: '/srv/pstrace/var',
      concurrency: 4,
      timeoutSeconds: 60,
      retries: 3,
      maxAnswerBytes: 64_000_000,
      maxTotalBytes: 10_000_000_000,
      overlapSeconds: 7200,
      traceRetentionSeconds: 30 * 86_400,
      psconfig: { locations: [], caFile: null, insecure: false },
      mtr: {
        targetsFile: '/srv/pstrace/conf/targets.toml',
        command: 'mtr',
        ping: 'ping',
        parallel: 20,
        limitSeconds: null,
        source: null,
        importPatterns: [],
      },
      publish: { hops: 0, private: false, prefixes: [] },
      asLookup: { file: null, cymru: false },
      dns: { names: 'mtr', servers: [] },
      title: 'Routes of the mesh',
      ...tellsNobody,
    });
  });

  test('every key reaches the configuration in the unit its name states', () => {
    const config = good(`
      window = "90m"
      out = "/srv/www/routes"
      state = "../state"
      [[archive]]
      url = "ma.example.org:8443"
      ca = "ca.pem"
      fingerprint = "sha256:${'0A'.repeat(32)}"
      insecure = true
      concurrency = 2
      [[archive]]
      url = "http://192.0.2.1/esmond/perfsonar/archive"
      [http]
      concurrency = 8
      timeout = 5
      retries = 0
      max_answer = "1MiB"
      max_run = "2GB"
      [store]
      overlap = 0
      traces = "1w"
      [site]
      title = "NREN"
      url = "https://ps.example.org/routes"
      [prometheus]
      file = "pstrace.prom"
      [psconfig]
      url = ["https://ps.example.org/mesh.json", "mesh.json"]
      ca = "ps.pem"
      insecure = true
      [publish]
      mask_hops = 2
      mask_private = true
      mask = ["192.0.2.0/24", "2001:DB8:0::1"]
      [mtr]
      targets = "hosts.list"
      command = "./mtr"
      parallel = 5
      limit = "1m"
      source = "probe.example.org"
      import = ["/var/spool/pstrace/*.json", "drop/*"]
      [as]
      file = "asn.mmdb"
      cymru = true
      [dns]
      names = "all"
      servers = ["192.0.2.53", "[2001:db8::53]:5353"]
    `);
    expect(config).toEqual({
      archives: [
        {
          url: 'ma.example.org:8443',
          caFile: '/srv/pstrace/conf/ca.pem',
          fingerprint: Array(32).fill('0A').join(':'),
          insecure: true,
          concurrency: 2,
        },
        {
          url: 'http://192.0.2.1/esmond/perfsonar/archive',
          caFile: null,
          fingerprint: null,
          insecure: false,
          concurrency: null,
        },
      ],
      windowSeconds: 5400,
      out: '/srv/www/routes',
      state: '/srv/pstrace/state',
      concurrency: 8,
      timeoutSeconds: 5,
      retries: 0,
      maxAnswerBytes: 1_048_576,
      maxTotalBytes: 2_000_000_000,
      overlapSeconds: 0,
      traceRetentionSeconds: 7 * 86_400,
      psconfig: {
        locations: ['https://ps.example.org/mesh.json', '/srv/pstrace/conf/mesh.json'],
        caFile: '/srv/pstrace/conf/ps.pem',
        insecure: true,
      },
      mtr: {
        targetsFile: '/srv/pstrace/conf/hosts.list',
        command: '/srv/pstrace/conf/mtr',
        ping: 'ping',
        parallel: 5,
        limitSeconds: 60,
        source: 'probe.example.org',
        importPatterns: ['/var/spool/pstrace/*.json', '/srv/pstrace/conf/drop/*'],
      },
      publish: { hops: 2, private: true, prefixes: ['192.0.2.0/24', '2001:db8::1/128'] },
      asLookup: { file: '/srv/pstrace/conf/asn.mmdb', cymru: true },
      dns: { names: 'all', servers: ['192.0.2.53', '[2001:db8::53]:5353'] },
      title: 'NREN',
      ...tellsNobody,
      siteUrl: 'https://ps.example.org/routes/',
      prometheusFile: '/srv/pstrace/conf/pstrace.prom',
    });
  });

  test('a byte order mark, as Windows editors write it, does no harm', () => {
    expect(good('\ufeffwindow = 60').windowSeconds).toBe(60);
  });
});

describe('a file with mistakes', () => {
  test('an unknown key is refused with its line and the key that was probably meant', () => {
    expect(messages('\n[http]\ntiemout = "60s"\n')).toEqual([
      'p.toml:3: unknown key http.tiemout; did you mean timeout?',
    ]);
    expect(messages('[[archive]]\nurl = "a"\n[[archive]]\nurl = "b"\nURL = "c"\n')).toEqual([
      'p.toml:5: unknown key archive.URL; did you mean url?',
    ]);
  });

  test('a key in the wrong table is told the right one', () => {
    expect(messages('timeout = "60s"')).toEqual([
      'p.toml:1: unknown key timeout; did you mean timeout under [http]?',
    ]);
    expect(messages('url = "ma.example.org"')).toEqual([
      'p.toml:1: unknown key url; did you mean url under [[archive]]?',
    ]);
    expect(messages('[site]\nout = "x"')).toEqual([
      'p.toml:2: unknown key site.out; did you mean out at the top of the file, before the first table?',
    ]);
  });

  test('a key that resembles nothing gets no suggestion', () => {
    expect(messages('[site]\nfrobnicate = 1')).toEqual(['p.toml:2: unknown key site.frobnicate']);
    expect(messages('[smtp]\nhost = "x"')).toEqual(['p.toml:1: unknown key smtp']);
  });

  test('a wrong value is told with its line, what was expected and what stands there', () => {
    expect(messages('window = "soon"')).toEqual([
      'p.toml:1: window: expected a duration: seconds, or text such as "90s", "30m", "24h", "7d", found "soon"',
    ]);
    expect(messages('[http]\nconcurrency = 0')).toEqual([
      'p.toml:2: http.concurrency: expected a whole number from 1 to 64, found 0',
    ]);
    expect(messages('[http]\nconcurrency = 2.5')).toEqual([
      'p.toml:2: http.concurrency: expected a whole number from 1 to 64, found 2.5',
    ]);
    expect(messages('[[archive]]\nurl = 7')).toEqual([
      'p.toml:2: archive.url: expected a host, host:port or URL in quotes, found 7',
    ]);
    expect(messages('http = 3')).toEqual([
      'p.toml:1: http: expected a table headed [http], found 3',
    ]);
    expect(messages('archive = "ma.example.org"')).toEqual([
      'p.toml:1: archive: expected tables headed [[archive]], found "ma.example.org"',
    ]);
  });

  test('an archive without a url is told at the line of its table', () => {
    expect(messages('window = 60\n\n[[archive]]\ninsecure = true')).toEqual([
      'p.toml:3: archive.url: expected a host, host:port or URL in quotes, found nothing',
    ]);
  });

  test('all mistakes are told at once, in the order of the lines', () => {
    const found = messages('window = -1\nstatus = 1\n[http]\nretries = "x"\n[store]\nspan = 1\n');
    expect(found.map((each) => each.split(' ')[0])).toEqual([
      'p.toml:1:',
      'p.toml:2:',
      'p.toml:4:',
      'p.toml:6:',
    ]);
  });

  test('what is not TOML is told with line and column', () => {
    expect(messages('window = 60\n[[archive]]\nurl = ma.example.org\n')).toEqual([
      'p.toml:3:7: not valid TOML: Unexpected character',
    ]);
    expect(messages('window = 60\nwindow = 70\n')[0]).toMatch(/^p\.toml:2:\d+: not valid TOML/);
  });

  test('keys with the names of built-in properties are keys like any other', () => {
    expect(messages('constructor = 1\n')).toEqual(['p.toml:1: unknown key constructor']);
    expect(messages('[toString]\n')).toEqual(['p.toml:1: unknown key toString']);
  });
});

describe('the file itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pstrace-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('the default file may be absent, a file that was asked for may not', () => {
    const absent = join(folder, 'absent.toml');
    expect(existsSync(absent)).toBe(false);
    expect(loadConfig(absent, folder, false).config?.out).toBe(join(folder, 'html'));
    expect(loadConfig(absent, folder, true).faults?.[0]).toEqual({
      kind: 'misconfigured',
      subject: absent,
      message: `cannot read the configuration: no such file or directory (${absent})`,
      remedy: null,
    });
  });

  test('a folder in place of the file is refused even when it is the default', () => {
    expect(loadConfig(folder, folder, false).faults?.[0]?.message).toContain('it is a directory');
  });

  test('a file is read from disk', () => {
    const present = join(folder, 'p.toml');
    writeFileSync(present, 'window = "7d"\nout = "pages"\n');
    const config = loadConfig(present, '/nowhere', true).config;
    expect(config).toMatchObject({ windowSeconds: 604_800, out: join(folder, 'pages') });
  });
});
