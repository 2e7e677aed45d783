import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Config, loadConfig, parseConfig } from '../../../src/config/load.ts';

const root = '/srv/pstrace';
const file = '/srv/pstrace/conf/pstrace.toml';

/** The part of a configuration without alerts. */
const withoutAlerts = {
  siteUrl: null,
  pageMode: 0o644,
  redrawSeconds: 10_800,
  alerts: null,
  groups: [],
  policies: [],
  prometheusFile: null,
  file,
  files: [file],
  hints: [],
};

function good(text: string): Config {
  const { config, faults } = parseConfig(text, file, root);
  if (config === null) throw new Error(faults.map((each) => each.message).join('\n'));
  return config;
}

function messages(text: string): string[] {
  return (parseConfig(text, 'p.toml', root).faults ?? []).map((each) => each.message);
}

describe('a valid file', () => {
  test('an empty file gives the defaults', () => {
    expect(good('')).toEqual({
      archives: [],
      windowSeconds: 86_400,
      runLimitSeconds: 1200,
      out: '/srv/pstrace/html',
      state: '/srv/pstrace/var',
      concurrency: 4,
      timeoutSeconds: 60,
      retries: 3,
      maxResponseBytes: 64_000_000,
      maxTotalBytes: 10_000_000_000,
      overlapSeconds: 7200,
      traceRetentionSeconds: 30 * 86_400,
      acceptAfterSeconds: 7 * 86_400,
      psconfig: { locations: [], caFile: null, insecure: false, allow: [] },
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
      ...withoutAlerts,
    });
  });

  test('every key reaches the configuration in the unit of its field', () => {
    const config = good(`
      window = "90m"
      run_limit = "10m"
      out = "/srv/www/routes"
      state = "../state"
      [[archive]]
      url = "ma.example.org:8443"
      ca = "ca.pem"
      fingerprint = "sha256:${'0A'.repeat(32)}"
      insecure = true
      user = "reader"
      password_file = "reader.password"
      api_key_file = "reader.key"
      concurrency = 2
      metrics = ["latency", "throughput"]
      [[archive]]
      url = "http://192.0.2.1/esmond/perfsonar/archive"
      [http]
      concurrency = 8
      timeout = 5
      retries = 0
      max_response = "1MiB"
      max_run = "2GB"
      [detection]
      accept_after = "1d"
      [store]
      overlap = 0
      retention = "1w"
      [site]
      title = "NREN"
      url = "https://ps.example.org/routes"
      mode = "0640"
      redraw = "90m"
      [prometheus]
      file = "pstrace.prom"
      [psconfig]
      url = ["https://ps.example.org/mesh.json", "mesh.json"]
      ca = "ps.pem"
      insecure = true
      allow = ["PS.example.org:8443", "*.example.net", "*"]
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
          user: 'reader',
          passwordFile: '/srv/pstrace/conf/reader.password',
          apiKeyFile: '/srv/pstrace/conf/reader.key',
          concurrency: 2,
          metrics: ['latency', 'throughput'],
        },
        {
          url: 'http://192.0.2.1/esmond/perfsonar/archive',
          caFile: null,
          fingerprint: null,
          insecure: false,
          user: null,
          passwordFile: null,
          apiKeyFile: null,
          concurrency: null,
          metrics: [],
        },
      ],
      windowSeconds: 5400,
      runLimitSeconds: 600,
      out: '/srv/www/routes',
      state: '/srv/pstrace/state',
      concurrency: 8,
      timeoutSeconds: 5,
      retries: 0,
      maxResponseBytes: 1_048_576,
      maxTotalBytes: 2_000_000_000,
      overlapSeconds: 0,
      traceRetentionSeconds: 7 * 86_400,
      acceptAfterSeconds: 86_400,
      psconfig: {
        locations: ['https://ps.example.org/mesh.json', '/srv/pstrace/conf/mesh.json'],
        caFile: '/srv/pstrace/conf/ps.pem',
        insecure: true,
        allow: [
          { kind: 'host', name: 'ps.example.org', port: 8443 },
          { kind: 'domain', suffix: '.example.net' },
          { kind: 'any' },
        ],
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
      ...withoutAlerts,
      siteUrl: 'https://ps.example.org/routes/',
      pageMode: 0o640,
      redrawSeconds: 5400,
      prometheusFile: '/srv/pstrace/conf/pstrace.prom',
    });
  });

  test('a byte order mark, as Windows editors write it, is ignored', () => {
    expect(good('\ufeffwindow = 60').windowSeconds).toBe(60);
  });
});

describe('keys with an old name', () => {
  test('their values count, and a hint names file, line, old key and new key', () => {
    const config = good(`
      period = "90m"
      [http]
      max_answer = "1MiB"
      [store]
      traces = "1w"
    `);
    expect(config).toMatchObject({
      windowSeconds: 5400,
      maxResponseBytes: 1_048_576,
      traceRetentionSeconds: 7 * 86_400,
    });
    expect(config.hints).toEqual([
      `${file}:2: period is now window; rename the key`,
      `${file}:4: http.max_answer is now http.max_response; rename the key`,
      `${file}:6: store.traces is now store.retention; rename the key`,
    ]);
  });

  test('a wrong value is reported at the line of the old key, with the new name', () => {
    expect(messages('\nperiod = "soon"')).toEqual([
      expect.stringMatching(/^p\.toml:2: window: expected a duration.* found "soon"$/),
    ]);
    expect(messages('[http]\nretries = 1\nmax_answer = -1')).toEqual([
      expect.stringMatching(/^p\.toml:3: http\.max_response: expected a size/),
    ]);
  });

  test('both names of one key are a fault', () => {
    expect(messages('window = 60\nperiod = 60')).toEqual([
      'p.toml:2: period is the old name of window, which is set too; remove period',
    ]);
  });

  test('an old key in the wrong table is an unknown key', () => {
    expect(messages('[site]\nperiod = 60')).toEqual(['p.toml:2: unknown key site.period']);
    expect(messages('http = 3\nstore = [1]')).toHaveLength(2);
  });
});

describe('a file with faults', () => {
  test('an unknown key is reported with its line and the most similar key', () => {
    expect(messages('\n[http]\ntiemout = "60s"\n')).toEqual([
      'p.toml:3: unknown key http.tiemout; did you mean timeout?',
    ]);
    expect(messages('[[archive]]\nurl = "a"\n[[archive]]\nurl = "b"\nURL = "c"\n')).toEqual([
      'p.toml:5: unknown key archive.URL; did you mean url?',
    ]);
  });

  test('a key in the wrong table is reported with the right table', () => {
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

  test('a wrong value is reported with its line, the expected form and the value', () => {
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
    expect(messages('http = 3')).toEqual(['p.toml:1: http: expected a [http] table, found 3']);
    expect(messages('archive = "ma.example.org"')).toEqual([
      'p.toml:1: archive: expected [[archive]] blocks, found "ma.example.org"',
    ]);
  });

  test('an archive without a url is reported at the line of its table', () => {
    expect(messages('window = 60\n\n[[archive]]\ninsecure = true')).toEqual([
      'p.toml:3: archive.url: expected a host, host:port or URL in quotes, found nothing',
    ]);
  });

  test('all faults are reported together, in the order of the lines', () => {
    const found = messages('window = -1\nstatus = 1\n[http]\nretries = "x"\n[store]\nspan = 1\n');
    expect(found.map((each) => each.split(' ')[0])).toEqual([
      'p.toml:1:',
      'p.toml:2:',
      'p.toml:4:',
      'p.toml:6:',
    ]);
  });

  test('invalid TOML is reported with line and column', () => {
    expect(messages('window = 60\n[[archive]]\nurl = ma.example.org\n')).toEqual([
      'p.toml:3:7: not valid TOML: Unexpected character',
    ]);
    expect(messages('window = 60\nwindow = 70\n')[0]).toMatch(/^p\.toml:2:\d+: not valid TOML/);
  });

  test('keys named like built-in properties are ordinary keys', () => {
    expect(messages('constructor = 1\n')).toEqual(['p.toml:1: unknown key constructor']);
    expect(messages('[toString]\n')).toEqual(['p.toml:1: unknown key toString']);
  });
});

describe('the file itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pstrace-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('the default file may be absent, a file of the command line may not', () => {
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

  test('a folder in place of the file is refused, also as the default', () => {
    expect(loadConfig(folder, folder, false).faults?.[0]?.message).toContain('it is a directory');
  });

  test('a file is read from disk', () => {
    const present = join(folder, 'p.toml');
    writeFileSync(present, 'window = "7d"\nout = "pages"\n');
    const config = loadConfig(present, '/nowhere', true).config;
    expect(config).toMatchObject({ windowSeconds: 604_800, out: join(folder, 'pages') });
  });

  test('paths may begin at the home of the user', () => {
    const { config } = parseConfig(
      'out = "~/pages"\n[mtr]\nimport = ["~/in/*.json"]\n',
      file,
      root,
    );
    expect(config?.out).toBe(join(homedir(), 'pages'));
    expect(config?.mtr.importPatterns).toEqual([join(homedir(), 'in/*.json')]);
  });
});

describe('the files of conf.d', () => {
  function load(files: Readonly<Record<string, string>>) {
    const folder = mkdtempSync(join(tmpdir(), 'pstrace-conf.d-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'conf.d'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const { config, faults } = loadConfig(join(folder, 'pstrace.toml'), folder, false);
    const messages = (faults ?? []).map(({ message }) => message.replaceAll(`${folder}/`, ''));
    return { config, messages };
  }

  test('are one configuration with the main file, in the order of their names', () => {
    const { config, messages } = load({
      'pstrace.toml': 'window = "7d"\n[site]\ntitle = "Mesh"\n[[archive]]\nurl = "a.example.org"\n',
      'conf.d/20-more.toml': '[[archive]]\nurl = "c.example.org"\n',
      'conf.d/10-site.toml':
        '[site]\nurl = "https://ps.example.org/"\n[[archive]]\nurl = "b.example.org"\n',
      'conf.d/notes.txt': 'not TOML',
      'conf.d/.hidden.toml': 'not TOML',
    });
    expect(messages).toEqual([]);
    expect(config).toMatchObject({
      ...{ windowSeconds: 604_800, title: 'Mesh', siteUrl: 'https://ps.example.org/' },
      archives: ['a', 'b', 'c'].map((name) => ({ url: `${name}.example.org` })),
    });
    expect(config?.files.map((name) => basename(name))).toEqual([
      ...['pstrace.toml', '10-site.toml', '20-more.toml'],
    ]);
  });

  test('need no main file', () => {
    expect(load({ 'conf.d/a.toml': 'window = "1h"\n' }).config?.windowSeconds).toBe(3600);
  });

  test('a fault names the file and line that it is in', () => {
    const block = '[[archive]]\nurl = "a.example.org"\n';
    const { messages } = load({
      'pstrace.toml': `${block}[http]\nretries = 1\n`,
      'conf.d/a.toml': `${block}\n[[archive]]\nurl = "b.example.org"\nconcurrency = "x"\n`,
      'conf.d/b.toml': '\n[http]\ntimout = 3\n',
    });
    expect(messages).toEqual([
      expect.stringMatching(/^conf\.d\/a\.toml:6: archive\.concurrency: /),
      'conf.d/b.toml:3: unknown key http.timout; did you mean timeout?',
    ]);
    expect(load({ 'conf.d/a.toml': 'window = \n' }).messages[0]).toMatch(
      /^conf\.d\/a\.toml:2:1: not valid TOML/,
    );
  });

  test('a key in two files is a fault', () => {
    const { messages } = load({
      'pstrace.toml': 'window = "7d"\n[http]\nretries = 1\n',
      'conf.d/a.toml': '[http]\nretries = 2\n',
    });
    expect(messages).toEqual([
      'conf.d/a.toml:2: http.retries is set in another file too; remove one of them',
    ]);
  });
});
