import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { type Config, parseConfig } from '../../../../src/config/load.ts';
import { resolveArchiveOptions } from '../../../../src/pipeline/collect/archiveOptions.ts';
import { tempDir } from '../../../helpers/tempDir.ts';

function configured(text: string, folder = '/srv'): Config {
  const { config } = parseConfig(text, join(folder, 'pstrace.toml'), folder);
  if (config === null) throw new Error('bad configuration');
  return config;
}

const two = `
  [[archive]]
  url = "https://ma1.example.org/esmond/perfsonar/archive/"
  insecure = true
  concurrency = 2
  [[archive]]
  url = "ma2.example.org:8443"
  [http]
  concurrency = 8
  timeout = 5
  retries = 1
  max_response = "1MB"
  max_run = "1GB"
`;

describe('the archives of a run', () => {
  test('are those of the configuration when none is named', () => {
    expect(resolveArchiveOptions([], configured(two), {})).toEqual([
      {
        url: 'https://ma1.example.org/esmond/perfsonar/archive/',
        caPem: null,
        fingerprint: null,
        insecure: true,
        authorization: null,
        concurrency: 2,
        timeoutSeconds: 5,
        retries: 1,
        maxResponseBytes: 1_000_000,
        maxTotalBytes: 1_000_000_000,
        maxTotalSeconds: 600,
        metrics: [],
      },
      {
        url: 'ma2.example.org:8443',
        caPem: null,
        fingerprint: null,
        insecure: false,
        authorization: null,
        concurrency: 8,
        timeoutSeconds: 5,
        retries: 1,
        maxResponseBytes: 1_000_000,
        maxTotalBytes: 1_000_000_000,
        maxTotalSeconds: 600,
        metrics: [],
      },
    ]);
  });

  test('that are named take their settings from their block, however the address is written', () => {
    const options = resolveArchiveOptions(['MA1.example.org', '192.0.2.1'], configured(two), {});
    expect(options).toMatchObject([
      { url: 'MA1.example.org', insecure: true, concurrency: 2 },
      { url: '192.0.2.1', insecure: false, concurrency: 8 },
    ]);
  });

  test('are asked once each, however often and under whatever address they are named', () => {
    const names = ['ma.example.org', 'https://ma.example.org:443/', 'ma.example.org'];
    expect(resolveArchiveOptions(names, configured(''), {})).toHaveLength(1);
  });

  test('follow the command line before the configuration', () => {
    const options = resolveArchiveOptions([], configured(two), { insecure: true, concurrency: 3 });
    expect(options).toMatchObject([
      { insecure: true, concurrency: 3 },
      { insecure: true, concurrency: 3 },
    ]);
  });
});

describe('certificates', () => {
  const folder = () => {
    const made = tempDir();
    for (const name of ['a', 'b', 'c'])
      writeFileSync(join(made, `${name}=.pem`), `${name}\n${rootCertificates[0]}`);
    return made;
  };
  const pems = (names: string[], config: Config, ca: string[]) =>
    resolveArchiveOptions(names, config, { ca }).map(({ caPem }) => caPem?.split('\n')[0] ?? null);

  test('ARCHIVE=FILE goes before FILE, and both before the configuration', () => {
    const made = folder();
    const file = (name: string) => join(made, `${name}=.pem`);
    const config = configured('[[archive]]\nurl = "ma1"\nca = "a=.pem"', made);
    expect(pems(['ma1', 'ma2'], config, [])).toEqual(['a', null]);
    expect(pems(['ma1', 'ma2'], config, [file('b')])).toEqual(['b', 'b']);
    expect(pems(['ma1', 'ma2'], config, [`ma2=${file('c')}`])).toEqual(['a', 'c']);
    expect(pems(['ma1', 'ma2'], config, [`https://ma2/=${file('c')}`, file('b')])).toEqual([
      'b',
      'c',
    ]);
    expect(pems([], config, [`ma1=${file('c')}`])).toEqual(['c']);
  });

  test('a file that is not there is refused before anything is asked', () => {
    expect(() => pems(['ma1'], configured(''), ['/no/such.pem'])).toThrow(
      /cannot read the certificates/,
    );
  });

  test('an archive that no file can be given for is refused without its password', () => {
    expect(() => pems(['ma1'], configured(''), ['https://anna:s3cret@ma1=/no/such.pem'])).toThrow(
      expect.objectContaining({
        problems: [expect.objectContaining({ subject: 'https://…@ma1' })],
      }),
    );
  });
});

describe('a pinned fingerprint', () => {
  const digits = (byte: string) => Array(32).fill(byte).join(':');
  const pins = (names: string[], values: string[], config = configured('')) =>
    resolveArchiveOptions(names, config, { fingerprint: values }).map(
      ({ fingerprint }) => fingerprint,
    );

  test('is for the only archive, or for the one that is named before it', () => {
    const openssl = `sha256 Fingerprint=${digits('AB')}`;
    for (const value of [digits('AB'), digits('ab').replaceAll(':', ''), openssl]) {
      expect(pins(['ma1'], [value])).toEqual([digits('AB')]);
      expect(pins(['ma1', 'ma2'], [`https://ma2/=${value}`])).toEqual([null, digits('AB')]);
    }
  });

  test('on the command line goes before that of the configuration', () => {
    const config = configured(`[[archive]]\nurl = "ma1"\nfingerprint = "${digits('cd')}"`);
    expect(pins([], [], config)).toEqual([digits('CD')]);
    expect(pins(['ma1', 'ma2'], [`ma1=${digits('AB')}`], config)).toEqual([digits('AB'), null]);
  });

  test.each([
    [['ma1'], digits('AB').slice(3)],
    [['ma1'], `ma2=${digits('AB')}`],
    [['ma1', 'ma2'], digits('AB')],
    [['ma1'], 'x'],
  ])('of %j that is %s is refused', (names, value) => {
    expect(() => pins(names, [value])).toThrow(/does not identify a certificate/);
  });
});

describe('the login of an archive', () => {
  const url = 'url = "https://ma.example.org/opensearch"';
  const login = (keys: string) => {
    const folder = tempDir();
    writeFileSync(join(folder, 'secret'), 's3cret\n');
    writeFileSync(join(folder, 'empty'), '\n');
    const config = configured(`[[archive]]\n${url}\n${keys}`, folder);
    return resolveArchiveOptions([], config, {})[0]?.authorization;
  };

  test('is a user with the password of a file', () => {
    const header = login('user = "reader"\npassword_file = "secret"');
    expect(header).toBe(`Basic ${btoa('reader:s3cret')}`);
  });

  test('is an API key', () => {
    expect(login('api_key_file = "secret"')).toBe('ApiKey s3cret');
  });

  test.each([
    'user = "reader"',
    'password_file = "secret"',
    'user = "reader"\npassword_file = "secret"\napi_key_file = "secret"',
    'user = "reader"\npassword_file = "empty"',
    'api_key_file = "missing"',
  ])('is refused as %j', (keys) => {
    expect(() => login(keys)).toThrow();
  });
});
