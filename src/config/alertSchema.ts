import { z } from 'zod';
import { isMailAddress } from './patterns.ts';
import {
  classes,
  elementPatterns,
  groupNames,
  severityWords,
  testPatterns,
  testWords,
} from './selectionSchema.ts';
import { isTimeZone, parseDaySpan, parseTime, parseTimeOfDay, parseWeekly } from './times.ts';
import {
  between,
  durationWords,
  fileNameOrNone,
  oneOf,
  oneOrMore,
  positive,
  quantity,
  quantityOr,
  table,
  text,
  textOrNone,
  whole,
  yesNo,
} from './values.ts';

const zoneWords = 'a time zone, such as "Europe/Amsterdam"';
const timeZone = (fallback: string, special: string) =>
  z
    .string({ error: `expected ${zoneWords}` })
    .trim()
    .refine((name) => name === special || isTimeZone(name), {
      error: `expected ${zoneWords}, or "${special}"`,
    })
    .default(fallback);

const clockWords = 'expected a time of day, such as "07:00"';
const spanWords = 'expected a span of the day, such as "22:00-07:00"';

const mailWords = 'expected mail addresses in quotes, several in []';
const mailAddress = z
  .string()
  .trim()
  .refine((written) => isMailAddress(written, false), { error: mailWords });

const isWebUrl = (written: string) => /^https?:$/.test(URL.parse(written)?.protocol ?? '');

/** An address on the web, or '' for none. */
export const webUrlOrNone = (example: string) =>
  textOrNone(`a URL such as "${example}"`).refine((url) => url === '' || isWebUrl(url), {
    error: `expected a URL such as "${example}"`,
  });

export const alertsTable = table('alerts', {
  prefix: textOrNone('text in quotes').default('[pstrace]'),
  group_wait: quantityOr('auto', whole, durationWords),
  time_zone: timeZone('local', 'local'),
});

export const emailTable = table('email', {
  server: text('a host, or the sendmail program with its path, in quotes').default('localhost'),
  port: quantityOr(
    'auto',
    (value) => (between(1, 65_535).safeParse(value).success ? Number(value) : null),
    'expected a whole number from 1 to 65535',
  ),
  security: oneOf(['auto', 'none', 'starttls', 'tls']).default('auto'),
  user: textOrNone('a user name in quotes'),
  password: z.string({ error: 'expected a password in quotes' }).default(''),
  password_file: fileNameOrNone,
  from: textOrNone('a mail address in quotes').refine(
    (written) => written === '' || isMailAddress(written, true),
    {
      error:
        'expected a mail address, such as "pstrace@example.org" or "Routes <pstrace@example.org>"',
    },
  ),
  ca: fileNameOrNone,
  insecure: yesNo.default(false),
  timeout: quantity(positive, durationWords, '60s'),
});

export const webhookTable = table('webhook', {
  ca: fileNameOrNone,
  insecure: yesNo.default(false),
  timeout: quantity(positive, durationWords, '30s'),
});

export const recipientBlock = z
  .strictObject(
    {
      name: text('a name in quotes'),
      to: oneOrMore(mailAddress, mailWords),
      webhook: webUrlOrNone('https://hooks.example.org/services/…'),
      webhook_format: oneOf(['json', 'slack', 'mattermost']).default('json'),
      webhook_template: fileNameOrNone,
      groups: groupNames,
      tests: testPatterns,
      classes,
      alert_from: oneOf(severityWords).default('moderate'),
      digest_from: oneOf([...severityWords, 'off']).default('minor'),
      digest_at: quantity(parseTimeOfDay, clockWords, '07:00'),
      quiet: quantityOr('off', parseDaySpan, spanWords),
      time_zone: timeZone('', ''),
      per_hour: between(1, 1000).default(10),
    },
    { error: 'expected tables headed [[recipient]], each with a name' },
  )
  .refine(({ to, webhook }) => to.length > 0 || webhook !== '', {
    error: 'expected mail addresses (to) or a URL (webhook)',
    path: ['to'],
  });

export const groupBlock = z
  .strictObject(
    { name: text('a name in quotes'), tests: testPatterns },
    { error: 'expected tables headed [[group]], each with a name and tests' },
  )
  .refine(({ tests }) => tests.length > 0, { error: testWords, path: ['tests'] });

const timeWords =
  'expected a time, such as 2026-03-01T22:00:00Z (UTC where it names no zone), or text such as "2026-03-01T22:00+01:00"';
const moment = z
  .unknown()
  .transform((value, context) => {
    const seconds = value === '' ? null : parseTime(value);
    if (seconds !== null || value === '') return seconds;
    context.addIssue({ code: 'custom', message: timeWords });
    return z.NEVER;
  })
  .prefault('');

const weeklyWords = 'expected days and hours, such as "Tue 22:00-02:00" or "Mon-Fri 06:00-06:30"';
const weekly = z
  .unknown()
  .transform((value, context) => {
    const found = value === '' ? null : parseWeekly(value);
    if (found !== null || value === '') return found;
    context.addIssue({ code: 'custom', message: weeklyWords });
    return z.NEVER;
  })
  .prefault('');

export const maintenanceBlock = z
  .strictObject(
    {
      reason: text('a reason in quotes'),
      from: moment,
      until: moment,
      weekly,
      time_zone: timeZone('', ''),
      tests: testPatterns,
      groups: groupNames,
      elements: elementPatterns,
      classes,
    },
    { error: 'expected tables headed [[maintenance]], each with a reason' },
  )
  .refine(
    ({ from, until, weekly: every }) =>
      every === null ? from !== null && until !== null : from === null && until === null,
    { error: 'expected either from and until, or weekly', path: ['from'] },
  )
  .refine(({ from, until }) => from === null || until === null || from < until, {
    error: 'expected a time after from',
    path: ['until'],
  });
