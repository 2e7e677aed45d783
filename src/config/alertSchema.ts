import { z } from 'zod';
import { maxDurationSeconds } from '../lib/duration.ts';
import { webhookFormats } from '../model/alerting/webhookFormats.ts';
import { severities } from '../model/change/change.ts';
import { isMailAddress } from './patterns.ts';
import {
  classes,
  elementPatterns,
  groupNames,
  testPatternHint,
  testPatterns,
} from './selectionSchema.ts';
import {
  isTimeZone,
  parseTime,
  parseTimeOfDay,
  parseTimeOfDayRange,
  parseWeekly,
} from './times.ts';
import {
  durationHint,
  integerBetween,
  oneOf,
  oneOrMore,
  optionalFileName,
  optionalQuantity,
  optionalText,
  quantity,
  requiredText,
  table,
  timeoutHint,
  timeoutSeconds,
  trueOrFalse,
  wholeSeconds,
} from './values.ts';

const timeZoneHint = 'a time zone, such as "Europe/Amsterdam"';
const timeZone = (fallback: string, noneWord: string) =>
  z
    .string({ error: `expected ${timeZoneHint}` })
    .trim()
    .refine((name) => name === noneWord || isTimeZone(name), {
      error: `expected ${timeZoneHint}, or "${noneWord}"`,
    })
    .default(fallback);

const timeOfDayHint = 'expected a time of day, such as "07:00"';
const timeOfDayRangeHint = 'expected hours of the day, such as "22:00-07:00"';

const mailHint = 'expected mail addresses in quotes, such as "noc@example.org", several in []';
const mailAddress = z
  .string()
  .trim()
  .refine((value) => isMailAddress(value, false), { error: mailHint });

const isWebUrl = (value: string) => /^https?:$/.test(URL.parse(value)?.protocol ?? '');

/** An http or https URL; `''` means none. */
export const optionalWebUrl = (example: string) =>
  optionalText(`a URL such as "${example}"`).refine((url) => url === '' || isWebUrl(url), {
    error: `expected a URL such as "${example}"`,
  });

export const alertsTable = table('alerts', {
  prefix: optionalText('text in quotes').default('[pstrace]'),
  group_wait: optionalQuantity('auto', wholeSeconds, durationHint),
  time_zone: timeZone('local', 'local'),
});

export const emailTable = table('email', {
  server: requiredText('a host, or the path of a sendmail program, in quotes').default('localhost'),
  port: optionalQuantity(
    'auto',
    (value) => (integerBetween(1, 65_535).safeParse(value).success ? Number(value) : null),
    'expected a whole number from 1 to 65535',
  ),
  security: oneOf(['auto', 'none', 'starttls', 'tls']).default('auto'),
  user: optionalText('a user name in quotes'),
  password: z.string({ error: 'expected a password in quotes' }).default(''),
  password_file: optionalFileName,
  from: optionalText('a mail address in quotes').refine(
    (value) => value === '' || isMailAddress(value, true),
    {
      error:
        'expected a mail address, such as "pstrace@example.org" or "Routes <pstrace@example.org>"',
    },
  ),
  ca: optionalFileName,
  insecure: trueOrFalse.default(false),
  timeout: quantity(timeoutSeconds, timeoutHint, '60s'),
});

export const webhookTable = table('webhook', {
  ca: optionalFileName,
  insecure: trueOrFalse.default(false),
  timeout: quantity(timeoutSeconds, timeoutHint, '30s'),
});

export const recipientBlock = z
  .strictObject(
    {
      name: requiredText('a name in quotes'),
      to: oneOrMore(mailAddress, mailHint),
      webhook: optionalWebUrl('https://hooks.example.org/services/…'),
      webhook_format: oneOf(webhookFormats).default('json'),
      webhook_template: optionalFileName,
      webhook_headers_file: optionalFileName,
      webhook_key_file: optionalFileName,
      groups: groupNames,
      tests: testPatterns,
      classes,
      alert_from: oneOf(severities).default('moderate'),
      digest_from: oneOf([...severities, 'off']).default('minor'),
      digest_at: quantity(parseTimeOfDay, timeOfDayHint, '07:00'),
      quiet: optionalQuantity('off', parseTimeOfDayRange, timeOfDayRangeHint),
      time_zone: timeZone('', ''),
      per_hour: integerBetween(1, 1000).default(10),
    },
    { error: 'expected [[recipient]] blocks, each with a name' },
  )
  .refine(({ to, webhook }) => to.length > 0 || webhook !== '', {
    error: 'expected mail addresses (to) or a URL (webhook)',
    path: ['to'],
  })
  .refine(
    ({ webhook_format, webhook_key_file }) =>
      (webhook_format === 'pagerduty') === (webhook_key_file !== ''),
    {
      error: 'expected a file with the integration key for the format "pagerduty", and only for it',
      path: ['webhook_key_file'],
    },
  );

export const groupBlock = z
  .strictObject(
    { name: requiredText('a name in quotes'), tests: testPatterns },
    { error: 'expected [[group]] blocks, each with a name and tests' },
  )
  .refine(({ tests }) => tests.length > 0, { error: testPatternHint, path: ['tests'] });

const timestampHint =
  'expected a time, such as 2026-03-01T22:00:00Z or "2026-03-01T22:00+01:00" (UTC without a zone)';
const optionalTimestamp = optionalQuantity('', parseTime, timestampHint);

const weeklyHint = 'expected days and hours, such as "Tue 22:00-02:00" or "Mon-Fri 06:00-06:30"';
const weekly = optionalQuantity('', parseWeekly, weeklyHint);

export const maintenanceBlock = z
  .strictObject(
    {
      reason: requiredText('a reason in quotes'),
      from: optionalTimestamp,
      until: optionalTimestamp,
      weekly,
      time_zone: timeZone('', ''),
      tests: testPatterns,
      groups: groupNames,
      elements: elementPatterns,
      classes,
    },
    { error: 'expected [[maintenance]] blocks, each with a reason' },
  )
  .refine(
    ({ from, until, weekly: every }) =>
      every === null ? from !== null && until !== null : from === null && until === null,
    { error: 'expected either from and until, or weekly', path: ['from'] },
  )
  .refine(({ from, until }) => from === null || until === null || from < until, {
    error: 'expected a time after from',
    path: ['until'],
  })
  .refine(({ from, until }) => (until ?? 0) - (from ?? 0) <= maxDurationSeconds, {
    error: 'expected a time at most 100 years after from',
    path: ['until'],
  });
