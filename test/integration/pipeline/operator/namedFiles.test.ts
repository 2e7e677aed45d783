import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type Ended, place, pstrace } from '../../cli/command.ts';

/** Checks a configuration that has these files beside it. */
function check(settings: string, files: Readonly<Record<string, string>>): Promise<Ended> {
  const { state, options } = place(settings);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(state, { recursive: true });
    writeFileSync(join(dirname(state), name), text);
  }
  return pstrace('config', 'check', ...options.slice(2));
}

const mail = '[email]\nserver = "mail.example.org"\n';
const hook = '[[recipient]]\nname = "chat"\nwebhook = "https://chat.example.org/x"\n';
const noc = '[[recipient]]\nname = "noc"\nto = "noc@example.org"\n';

test.each<[name: string, settings: string, expected: RegExp]>([
  [
    'template',
    '[psconfig]\nurl = "f"',
    /psconfig\.url: cannot read .*\/f\). Correct psconfig\.url in/,
  ],
  ['certificates of templates', '[psconfig]\nca = "f"', /psconfig\.ca: cannot read the certif/],
  ['list of AS numbers', '[as]\nfile = "f"', /as\.file: cannot read the list of AS numbers/],
  ['database of AS numbers', '[as]\nfile = "f.mmdb"', /as\.file: cannot read/],
  ['targets', '[mtr]\ntargets = "f"', /mtr\.targets: cannot read the targets/],
  ['program', '[mtr]\ncommand = "./f"', /mtr\.command: cannot run the program/],
  ['ping', '[mtr]\nping = "./f"', /mtr\.ping: cannot run the program/],
  [
    'certificates of an archive',
    '[[archive]]\nurl = "a"\nca = "f"',
    /archive: cannot read the cert/,
  ],
  ['password', `${mail}user = "u"\npassword_file = "f"\n${noc}`, /email: cannot read the password/],
  ['certificates of a mail server', `${mail}ca = "f"\n${noc}`, /email: cannot read the certif/],
  ['sendmail', `[email]\nserver = "./f"\n${noc}`, /email\.server: cannot run the program/],
  ['certificates of webhooks', `[webhook]\nca = "f"\n${hook}`, /webhook\.ca: cannot read the cert/],
  [
    'template of a webhook',
    `${hook}webhook_template = "f"`,
    /recipient chat: cannot read the templ/,
  ],
  [
    'folder of the textfile',
    '[prometheus]\nfile = "f/x.prom"',
    /prometheus\.file: cannot write into/,
  ],
])('%s: a missing file is reported with its key, exit 78', async (_, settings, expected) => {
  const { code, stdout, stderr } = await check(settings, {});
  expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
  expect(stderr).toMatch(expected);
  expect(stderr).toMatch(/no such file or directory.* Correct \S+( \w+)? in /);
});

test.each<[name: string, settings: string, expected: RegExp]>([
  ['template', '[psconfig]\nurl = "f"', /psconfig\.url: \S+\/f: It is not JSON/],
  ['certificates', '[psconfig]\nca = "f"', /psconfig\.ca: \S+\/f: .* no valid certificate/],
  ['list of AS numbers', '[as]\nfile = "f"', /as\.file: \S+\/f is not a list of AS numbers/],
  ['targets', '[mtr]\ntargets = "f"', /mtr\.targets: \S+\/f:1: /],
  ['program', '[mtr]\ncommand = "./f"', /mtr\.command: cannot run the program: permission denied/],
  ['password', `${mail}user = "u"\npassword_file = "empty"\n${noc}`, /email\.user has no password/],
  ['template of a webhook', `${hook}webhook_template = "f"`, /chat: .* does not render to JSON/],
  ['secret of the pseudonyms', '[publish]\nmask_hops = 1', /publish: \S+mask\.key holds no key/],
])('%s: a file with other content is reported, exit 78', async (_, settings, expected) => {
  const files = { f: '{{ nothing', empty: '', 'var/mask.key': 'x' };
  const { code, stdout, stderr } = await check(settings, files);
  expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
  expect(stderr).toMatch(expected);
});

test('all mistakes are reported at once; network services and missing default files are not', async () => {
  const wrong = await check('[as]\nfile = "f"\n[psconfig]\nca = "f"\n', {});
  expect(wrong.stderr.match(/no such file/g)).toHaveLength(2);
  const fine = await check(
    '[site]\nurl = "https://ps.example.org/"\n[psconfig]\nurl = "https://ps.example.org/mesh.json"\n[[archive]]\nurl = "https://ma.example.org/"\n',
    {},
  );
  expect(fine).toMatchObject({ code: 0, stderr: '' });
});

test('an empty site.url and a missing archive are warned of', async () => {
  const { code, stderr } = await check('[alerts]\nprefix = "x"\n', {});
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /site\.url is empty: notifications have no links, and feeds have relative/,
  );
  expect(stderr).toMatch(/there is no \[\[archive\]\]/);
});

test('the configuration as it is delivered is right, though its targets are an example', async () => {
  const conf = join(import.meta.dirname, '../../../../conf');
  const [settings, targets] = ['pstrace.example.toml', 'targets.example.toml'].map((name) =>
    readFileSync(join(conf, name), 'utf8'),
  );
  const sample = await check(settings ?? '', { 'targets.toml': targets ?? '' });
  expect(sample.code).toBe(0);
  expect(sample.stderr).toMatch(/^pstrace: warning: site\.url is empty: [^\n]+\n$/);
  const wrong = await check(settings ?? '', { 'targets.toml': 'target = 1' });
  expect(wrong.stderr).toMatch(/mtr\.targets: \S+targets\.toml:1: /);
});

test('files to take in that are not there are warned of, since they come and go', async () => {
  const { code, stderr } = await check('[mtr]\nimport = "drop/*.json"\n', {});
  expect(code).toBe(0);
  expect(stderr).toMatch(/mtr\.import: no file matches .*drop\/\*\.json/);
});
