import { isIP } from 'node:net';
import { z } from 'zod';
import { parseCertificateFingerprint } from '../lib/certificateFingerprint.ts';
import { parseDuration } from '../lib/duration.ts';
import { parseHostRule } from '../lib/hostRule.ts';
import { canonicalPrefix } from '../lib/ip.ts';
import type { RenamedKey } from '../lib/renamedKeys.ts';
import { metricNames } from '../model/metric/metric.ts';
import { daySeconds } from '../model/values/time.ts';
import {
  alertsTable,
  emailTable,
  groupBlock,
  maintenanceBlock,
  optionalWebUrl,
  recipientBlock,
  webhookTable,
} from './alertSchema.ts';
import { policyBlock } from './policySchema.ts';
import { checkReferences } from './references.ts';
import { parseSize } from './size.ts';
import {
  durationHint,
  fileName,
  integerBetween,
  oneOf,
  oneOrMore,
  optionalFileName,
  optionalQuantity,
  optionalText,
  parsed,
  positiveSeconds,
  quantity,
  quotedList,
  requiredText,
  table,
  tables,
  timeoutHint,
  timeoutSeconds,
  trueOrFalse,
  wholeSeconds,
} from './values.ts';

const sizeHint = 'expected a size: bytes, or text such as "64MB"';

const minRetentionSeconds = daySeconds;
const parseRetention = (value: unknown) => {
  const seconds = parseDuration(value);
  return seconds !== null && seconds >= minRetentionSeconds ? seconds : null;
};

const maxRunSeconds = daySeconds;
const parseRunLimit = (value: unknown) => {
  const seconds = positiveSeconds(value);
  return seconds !== null && seconds <= maxRunSeconds ? seconds : null;
};

const dnsNamesHint = 'expected "off", "mtr" or "all"';

/** An address, perhaps with a port, which requires brackets around IPv6. */
const dnsServer = z.string({ error: 'expected an address in quotes' }).refine(
  (server) => {
    const [, bracketed, unbracketed = ''] =
      /^(?:\[(.+)\]|([^:]+))(?::\d{1,5})?$/.exec(server) ?? [];
    return isIP(server) !== 0 || isIP(bracketed ?? unbracketed) !== 0;
  },
  { error: 'expected an address, such as "192.0.2.53" or "[2001:db8::53]:5353"' },
);

const hostRuleHint = 'expected hosts, "*.domain", prefixes or "*" in quotes, several in []';
const hostRule = parsed(z.string({ error: hostRuleHint }), parseHostRule, hostRuleHint);

/** Permissions of pages in octal digits: the owner writes, others read or have no rights. */
const pageMode = z
  .string({ error: 'expected permissions in quotes, such as "0644"' })
  .regex(/^0?6[046][04]$/, { error: 'expected "0644" for all users, or "0640" for a group' })
  .default('0644')
  .transform((digits) => Number.parseInt(digits, 8));

const concurrency = integerBetween(1, 64);
const location = requiredText('a URL or the name of a file in quotes');

/** A prefix in CIDR form. An address alone becomes a prefix of full length. */
function parsePrefix(text: string, context: z.core.$RefinementCtx): string {
  const prefix = canonicalPrefix(text);
  if (prefix !== null) return prefix;
  const message = `${text} is not a prefix; expected text such as "192.0.2.0/24" or "2001:db8::/32"`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

const fingerprintHint = 'expected a SHA-256 fingerprint: 64 hexadecimal digits in quotes';

/** `AB:CD:…`; null for none. */
const fingerprint = z
  .string({ error: fingerprintHint })
  .default('')
  .refine((value) => value === '' || parseCertificateFingerprint(value) !== null, fingerprintHint)
  .transform(parseCertificateFingerprint);

const metricsHint = `expected metrics in []: ${quotedList(metricNames)}`;

const archive = z.strictObject(
  {
    url: requiredText('a host, host:port or URL in quotes'),
    ca: optionalFileName,
    fingerprint,
    insecure: trueOrFalse.default(false),
    user: optionalText('a login name in quotes'),
    password_file: optionalFileName,
    api_key_file: optionalFileName,
    concurrency: concurrency.nullable().default(null),
    metrics: oneOrMore(oneOf(metricNames), metricsHint),
  },
  { error: 'expected [[archive]] blocks, each with a url' },
);

/** Keys that older configuration files have under another name. */
export const renamedKeys: readonly RenamedKey[] = [
  { old: ['period'], name: 'window' },
  { old: ['http', 'max_answer'], name: 'max_response' },
  { old: ['store', 'traces'], name: 'retention' },
];

/**
 * The configuration file as written: names, units and defaults. The schema refuses unknown keys and
 * requires only the `url` of an archive and the `name` of a recipient or group. Its output has
 * every key.
 */
export const fileSchema = z
  .strictObject({
    archive: tables('archive', archive),
    window: quantity(wholeSeconds, durationHint, '24h'),
    run_limit: quantity(
      parseRunLimit,
      'expected a duration of at most a day, such as "20m"',
      '20m',
    ),
    out: fileName.nullable().default(null),
    state: fileName.nullable().default(null),
    http: table('http', {
      concurrency: concurrency.default(4),
      timeout: quantity(timeoutSeconds, timeoutHint, '60s'),
      retries: integerBetween(0, 20).default(3),
      max_response: quantity(parseSize, sizeHint, '64MB'),
      max_run: quantity(parseSize, sizeHint, '10GB'),
    }).prefault({}),
    store: table('store', {
      overlap: quantity(parseDuration, durationHint, '2h'),
      retention: quantity(
        parseRetention,
        'expected a duration of at least a day, such as "30d"',
        '30d',
      ),
    }).prefault({}),
    detection: table('detection', {
      accept_after: quantity(positiveSeconds, durationHint, '7d'),
    }).prefault({}),
    psconfig: table('psconfig', {
      url: oneOrMore(location, 'expected URLs or names of files in quotes, several in []'),
      ca: optionalFileName,
      insecure: trueOrFalse.default(false),
      allow: oneOrMore(hostRule, hostRuleHint),
    }).prefault({}),
    mtr: table('mtr', {
      targets: fileName.default('targets.toml'),
      command: requiredText('the name of a program in quotes').default('mtr'),
      ping: requiredText('the name of a program in quotes').default('ping'),
      parallel: integerBetween(1, 1000).default(20),
      limit: optionalQuantity('auto', timeoutSeconds, timeoutHint),
      source: optionalText('a host name in quotes'),
      import: oneOrMore(fileName, 'expected names of files in quotes, several in []'),
    }).prefault({}),
    publish: table('publish', {
      mask_hops: integerBetween(0, 255).default(0),
      mask_private: trueOrFalse.default(false),
      mask: z
        .array(z.string().transform(parsePrefix), { error: 'expected prefixes in quotes, in []' })
        .default([]),
    }).prefault({}),
    as: table('as', { file: optionalFileName, cymru: trueOrFalse.default(false) }).prefault({}),
    dns: table('dns', {
      names: z.enum(['off', 'mtr', 'all'], { error: dnsNamesHint }).default('mtr'),
      servers: z.array(dnsServer, { error: 'expected addresses in quotes, in []' }).default([]),
    }).prefault({}),
    site: table('site', {
      title: requiredText('text in quotes').default('Routes of the mesh'),
      url: optionalWebUrl('https://ps.example.org/pstrace/'),
      mode: pageMode,
      redraw: quantity(parseDuration, durationHint, '3h'),
    }).prefault({}),
    alerts: alertsTable.prefault({}),
    email: emailTable.prefault({}),
    webhook: webhookTable.prefault({}),
    recipient: tables('recipient', recipientBlock),
    group: tables('group', groupBlock),
    maintenance: tables('maintenance', maintenanceBlock),
    policy: tables('policy', policyBlock),
    prometheus: table('prometheus', { file: optionalFileName }).prefault({}),
  })
  .superRefine(checkReferences);

export type FileConfig = z.output<typeof fileSchema>;
