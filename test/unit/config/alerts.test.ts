import { describe, expect, test } from 'vitest';
import { type Config, parseConfig } from '../../../src/config/load.ts';

const file = '/srv/pstrace/conf/pstrace.toml';

function good(text: string): Config {
  const { config, faults } = parseConfig(text, file, '/srv/pstrace');
  if (config === null) throw new Error(faults.map((each) => each.message).join('\n'));
  return config;
}

function messages(text: string): string[] {
  return (parseConfig(text, 'p.toml', '/').faults ?? []).map((each) => each.message);
}

const someone = '[[recipient]]\nname = "noc"\nto = "noc@example.org"\n';

describe('recipients', () => {
  test('an empty list of recipients gives no alerts', () => {
    expect(good('[email]\nserver = "mail.example.org"').alerts).toBeNull();
  });

  test('require only a name and an address', () => {
    const { alerts } = good(`[alerts]\ntime_zone = "UTC"\n${someone}`);
    expect(alerts).toMatchObject({
      prefix: '[pstrace]',
      groupWaitSeconds: null,
      email: {
        host: 'localhost',
        sendmail: null,
        port: null,
        security: 'auto',
        user: null,
        from: null,
      },
      maintenance: [],
    });
    expect(alerts?.recipients).toEqual([
      {
        name: 'noc',
        to: ['noc@example.org'],
        webhook: null,
        groups: [],
        tests: [],
        classes: [],
        alertFrom: 'moderate',
        digestFrom: 'minor',
        digestAt: 420,
        quiet: null,
        timeZone: 'UTC',
        perHour: 10,
      },
    ]);
  });

  test('every key reaches the recipient', () => {
    const { alerts, groups } = good(`
      [[recipient]]
      name = "chat"
      to = ["a@example.org", "b@[192.0.2.1]"]
      webhook = "https://hooks.example.org/secret"
      webhook_format = "slack"
      webhook_template = "chat.json"
      groups = "core"
      tests = ["2001:DB8:0::1 >  *.example.net", "192.0.2.1*"]
      classes = ["inter_as", "unreachable"]
      alert_from = "critical"
      digest_from = "off"
      digest_at = "6:05"
      quiet = "22:00-07:00"
      time_zone = "Europe/Amsterdam"
      per_hour = 3
      [[group]]
      name = "core"
      tests = "*core*"
    `);
    expect(groups).toEqual([{ name: 'core', tests: ['*core*'] }]);
    expect(alerts?.recipients).toEqual([
      {
        name: 'chat',
        to: ['a@example.org', 'b@[192.0.2.1]'],
        webhook: {
          url: 'https://hooks.example.org/secret',
          format: 'slack',
          templateFile: '/srv/pstrace/conf/chat.json',
          headersFile: null,
          keyFile: null,
        },
        groups: ['core'],
        tests: ['2001:db8::1 > *.example.net', '192.0.2.1*'],
        classes: ['inter_as', 'unreachable'],
        alertFrom: 'critical',
        digestFrom: null,
        digestAt: 365,
        quiet: { from: 1320, to: 420 },
        timeZone: 'Europe/Amsterdam',
        perHour: 3,
      },
    ]);
  });

  test('every key reaches the mail server, and a path is a sendmail program', () => {
    const { alerts } = good(`
      [alerts]
      prefix = "routes:"
      group_wait = "15m"
      [email]
      server = "mail.example.org"
      port = 2525
      security = "starttls"
      user = "routes"
      password_file = "smtp.secret"
      from = "Routes <routes@example.org>"
      ca = "mail.pem"
      insecure = true
      timeout = "10s"
      [webhook]
      ca = "hooks.pem"
      insecure = true
      timeout = 5
      ${someone}`);
    expect(alerts).toMatchObject({
      prefix: 'routes:',
      groupWaitSeconds: 900,
      email: {
        host: 'mail.example.org',
        sendmail: null,
        port: 2525,
        security: 'starttls',
        user: 'routes',
        password: null,
        passwordFile: '/srv/pstrace/conf/smtp.secret',
        from: 'Routes <routes@example.org>',
        caFile: '/srv/pstrace/conf/mail.pem',
        insecure: true,
        timeoutSeconds: 10,
      },
      webhook: { caFile: '/srv/pstrace/conf/hooks.pem', insecure: true, timeoutSeconds: 5 },
    });
    const program = good(`[email]\nserver = "/usr/sbin/sendmail"\n${someone}`);
    expect(program.alerts?.email).toMatchObject({ host: null, sendmail: '/usr/sbin/sendmail' });
  });

  test('each fault has its line and a remedy', () => {
    expect(messages('[[recipient]]\nname = "noc"\n')).toEqual([
      'p.toml:1: recipient.to: expected mail addresses (to) or a URL (webhook), found nothing',
    ]);
    expect(messages(`${someone}${someone}`)).toEqual([
      'p.toml:5: recipient.name: expected a name that no other [[recipient]] block has, found "noc"',
    ]);
    expect(messages(`${someone}groups = ["core"]\n[[group]]\nname = "edge"\ntests = "*"`)).toEqual([
      'p.toml:4: recipient.groups: expected names of [[group]] blocks (the file has: edge), found ["core"]',
    ]);
    expect(messages(`${someone}mail = "x"`)).toEqual(['p.toml:4: unknown key recipient.mail']);
    expect(messages(`${someone}alert_form = "major"`)).toEqual([
      'p.toml:4: unknown key recipient.alert_form; did you mean alert_from?',
    ]);
  });

  test.each([
    ['to = "noc"', 'expected mail addresses in quotes'],
    ['to = ["a@example.org", "noc"]', 'expected mail addresses in quotes'],
    ['to = 7', 'expected mail addresses in quotes'],
    ['to = "a@b\\nBcc: c@d"', 'expected mail addresses in quotes'],
    ['to = "a@b,c@d"', 'expected mail addresses in quotes'],
    ['webhook = "hooks.example.org"', 'expected a URL such as'],
    ['webhook = "file:///etc/passwd"', 'expected a URL such as'],
    ['alert_from = "bad"', 'expected "critical", "major", "moderate", "minor" or "info"'],
    ['classes = ["inter-as"]', 'expected classes of changes, several in []: "unreachable", '],
    ['tests = ["a > b > c"]', 'expected patterns of tests'],
    ['quiet = "22-7"', 'expected hours of the day, such as "22:00-07:00", or "off"'],
    ['digest_at = "25:00"', 'expected a time of day, such as "07:00"'],
    ['time_zone = "Mars/Olympus"', 'expected a time zone, such as "Europe/Amsterdam"'],
    ['per_hour = 0', 'expected a whole number from 1 to 1000'],
  ])('%s', (line, expected) => {
    const mine = line.startsWith('to') ? '[[recipient]]\nname = "noc"\n' : someone;
    const found = messages(`${mine}${line}`);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`recipient.${line.split(' ')[0]}: ${expected}`);
  });

  test.each([
    ['from = "Routes <routes@example.org>, x@example.org"', 'expected a mail address'],
    ['from = "a\\r\\nBcc: b <c@example.org>"', 'expected a mail address'],
    ['port = "smtp"', 'expected a whole number from 1 to 65535, or "auto"'],
    ['security = "ssl"', 'expected "auto", "none", "starttls" or "tls"'],
  ])('%s', (line, expected) => {
    expect(messages(`[email]\n${line}`)[0]).toContain(`email.${line.split(' ')[0]}: ${expected}`);
  });
});

describe('maintenance', () => {
  const maintenance = (lines: string) => good(`[[maintenance]]\nreason = "works"\n${lines}`).alerts;

  test('happens once or weekly', () => {
    const once = maintenance('from = 2026-03-01T22:00:00Z\nuntil = "2026-03-02T01:00+01:00"');
    expect(once?.maintenance).toEqual([
      {
        reason: 'works',
        tests: [],
        groups: [],
        elements: [],
        classes: [],
        time: { kind: 'once', from: 1_772_402_400, until: 1_772_409_600 },
      },
    ]);
    const weekly = maintenance(
      'weekly = "Tue 22:00-02:00"\ntime_zone = "Europe/Lisbon"\nelements = ["AS64500", "2001:DB8:0:0::/64"]',
    );
    expect(weekly?.maintenance[0]).toMatchObject({
      elements: ['AS64500', '2001:db8::/64'],
      time: {
        kind: 'weekly',
        weekdays: [2],
        span: { from: 1320, to: 120 },
        timeZone: 'Europe/Lisbon',
      },
    });
  });

  test.each([
    ['', 'maintenance.from: expected either from and until, or weekly'],
    ['from = 2026-03-01T22:00:00Z', 'maintenance.from: expected either from and until, or weekly'],
    [
      'weekly = "Tue 22:00-02:00"\nfrom = 2026-03-01T22:00:00Z\nuntil = 2026-03-02T22:00:00Z',
      'expected either from and until, or weekly',
    ],
    [
      'from = 2026-03-01T22:00:00Z\nuntil = 2026-03-01T22:00:00Z',
      'maintenance.until: expected a time after from',
    ],
    ['from = 22:00:00\nuntil = "tomorrow"', 'maintenance.from: expected a time, such as'],
    ['weekly = "Tuesdays at night"', 'maintenance.weekly: expected days and hours, such as'],
    ['weekly = "daily 01:00-02:00"\nelements = "10.0.0.0/33"', 'expected routers, addresses'],
  ])('%j', (lines, expected) => {
    expect(messages(`[[maintenance]]\nreason = "works"\n${lines}`)[0]).toContain(expected);
  });
});

describe('policy', () => {
  test('an absent key is undefined, "off" and [] set no limit', () => {
    const [all, own, none] = good(`
      [[policy]]
      max_loss_pct = { over_usual_pct = 100, floor = 5 }
      [[policy]]
      tests = "a.example.org > b.example.org"
      must_traverse = ["AS64500", "2001:DB8::/32"]
      must_avoid = "*.example.net"
      expect_as_path = ["64500 * 64510", "AS64500 ?"]
      backup_as_path = "*"
      max_hops = 12
      max_rtt_ms = 12.5
      max_hop_rtt_ms = 100
      max_hop_loss_pct = { over_usual_pct = 0, floor = 10 }
      [[policy]]
      groups = "core"
      expect_as_path = []
      max_loss_pct = "off"
      [[group]]
      name = "core"
      tests = "*"
    `).policies;
    const nothing = {
      mustTraverse: undefined,
      mustAvoid: undefined,
      expectAsPath: undefined,
      backupAsPath: undefined,
      maxHops: undefined,
      maxRttMs: undefined,
      maxLossPct: undefined,
      maxHopRttMs: undefined,
      maxHopLossPct: undefined,
    };
    expect(all).toEqual({
      ...nothing,
      tests: [],
      groups: [],
      maxLossPct: { overUsualPct: 100, floor: 5 },
    });
    expect(own).toEqual({
      tests: ['a.example.org > b.example.org'],
      groups: [],
      mustTraverse: ['AS64500', '2001:db8::/32'],
      mustAvoid: ['*.example.net'],
      expectAsPath: ['64500 * 64510', 'AS64500 ?'],
      backupAsPath: ['*'],
      maxHops: 12,
      maxRttMs: 12.5,
      maxLossPct: undefined,
      maxHopRttMs: 100,
      maxHopLossPct: { overUsualPct: 0, floor: 10 },
    });
    expect(none).toEqual({
      ...nothing,
      tests: [],
      groups: ['core'],
      expectAsPath: [],
      maxLossPct: Infinity,
    });
  });

  test.each([
    ['max_rtt_ms = -1', 'expected milliseconds from 0 to 60000, or { over_usual_pct = 25, floor'],
    ['max_rtt_ms = { over_usual = 3 }', 'expected milliseconds from 0 to 60000, or { over_usual'],
    ['max_loss_pct = 101', 'expected a percentage from 0 to 100, or'],
    ['max_hop_loss_pct = "5%"', 'expected a percentage from 0 to 100, or { over_usual_pct'],
    ['expect_as_path = "64500, 64510"', 'expected AS paths in quotes'],
    ['must_avoid = ["192.0.2.0/33"]', 'expected routers, addresses, prefixes or ASes'],
    ['groups = ["core"]', 'expected names of [[group]] blocks (the file has none)'],
  ])('%s', (line, expected) => {
    expect(messages(`[[policy]]\n${line}`)).toEqual([
      expect.stringContaining(`p.toml:2: policy.${line.split(' ')[0]}: ${expected}`),
    ]);
  });
});
