import { isIP } from 'node:net';
import { z } from 'zod';
import { parseDuration } from '../lib/duration.ts';
import { parseFingerprint } from '../lib/fingerprint.ts';
import { canonicalPrefix } from '../lib/ip.ts';
import {
  alertsTable,
  emailTable,
  groupBlock,
  maintenanceBlock,
  recipientBlock,
  webhookTable,
  webUrlOrNone,
} from './alertSchema.ts';
import { policyBlock } from './policySchema.ts';
import { crossReferences } from './references.ts';
import { parseSize } from './size.ts';
import {
  between,
  durationWords,
  fileName,
  fileNameOrNone,
  oneOrMore,
  positive,
  quantity,
  quantityOr,
  table,
  tables,
  text,
  textOrNone,
  whole,
  yesNo,
} from './values.ts';

const sizeWords = 'expected a size: bytes, or text such as "64MB"';

const days = (value: unknown) => {
  const seconds = parseDuration(value);
  return seconds !== null && seconds >= 86_400 ? seconds : null;
};

const dnsWords = 'expected "off", "mtr" or "all"';

/** An address, of IPv6 in brackets where a port follows. */
const dnsServer = z.string({ error: 'expected an address in quotes' }).refine(
  (server) => {
    const [, bracketed, plain = ''] = /^(?:\[(.+)\]|([^:]+))(?::\d{1,5})?$/.exec(server) ?? [];
    return isIP(server) !== 0 || isIP(bracketed ?? plain) !== 0;
  },
  { error: 'expected an address, such as "192.0.2.53" or "[2001:db8::53]:5353"' },
);

const concurrency = between(1, 64);
const location = text('a URL or the name of a file in quotes');

/** A prefix in CIDR form; an address alone is a prefix of its full length. */
function prefixOf(text: string, context: z.core.$RefinementCtx): string {
  const prefix = canonicalPrefix(text);
  if (prefix !== null) return prefix;
  const message = `${text} is no prefix: expected text such as "192.0.2.0/24" or "2001:db8::/32"`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

const fingerprintWords = 'expected a SHA-256 fingerprint: 64 hexadecimal digits in quotes';

/** `AB:CD:…`, or null for none. */
const fingerprint = z
  .string({ error: fingerprintWords })
  .default('')
  .refine((value) => value === '' || parseFingerprint(value) !== null, fingerprintWords)
  .transform(parseFingerprint);

const archive = z.strictObject(
  {
    url: text('a host, host:port or URL in quotes'),
    ca: fileNameOrNone,
    fingerprint,
    insecure: yesNo.default(false),
    concurrency: concurrency.nullable().default(null),
  },
  { error: 'expected tables headed [[archive]], each with a url' },
);

/**
 * The configuration file as written: names, units and defaults. Unknown keys are refused, everything is
 * optional but the url of an archive and the name of what has one, and every key is present in the output.
 */
export const fileSchema = z
  .strictObject({
    archive: tables('archive', archive),
    period: quantity(whole, durationWords, '24h'),
    out: fileName.nullable().default(null),
    state: fileName.nullable().default(null),
    http: table('http', {
      concurrency: concurrency.default(4),
      timeout: quantity(positive, durationWords, '60s'),
      retries: between(0, 20).default(3),
      max_answer: quantity(parseSize, sizeWords, '64MB'),
      max_run: quantity(parseSize, sizeWords, '10GB'),
    }).prefault({}),
    store: table('store', {
      overlap: quantity(parseDuration, durationWords, '2h'),
      traces: quantity(days, 'expected a duration of at least a day, such as "30d"', '30d'),
    }).prefault({}),
    psconfig: table('psconfig', {
      url: oneOrMore(location, 'expected URLs or names of files in quotes, several in []'),
      ca: fileNameOrNone,
      insecure: yesNo.default(false),
    }).prefault({}),
    mtr: table('mtr', {
      targets: fileName.default('targets.toml'),
      command: text('the name of a program in quotes').default('mtr'),
      ping: text('the name of a program in quotes').default('ping'),
      parallel: between(1, 1000).default(20),
      limit: quantityOr('auto', positive, durationWords),
      source: textOrNone('a host name in quotes'),
      import: oneOrMore(fileName, 'expected names of files in quotes, several in []'),
    }).prefault({}),
    publish: table('publish', {
      mask_hops: between(0, 255).default(0),
      mask_private: yesNo.default(false),
      mask: z
        .array(z.string().transform(prefixOf), { error: 'expected prefixes in quotes, in []' })
        .default([]),
    }).prefault({}),
    as: table('as', { file: fileNameOrNone, cymru: yesNo.default(false) }).prefault({}),
    dns: table('dns', {
      names: z.enum(['off', 'mtr', 'all'], { error: dnsWords }).default('mtr'),
      servers: z.array(dnsServer, { error: 'expected addresses in quotes, in []' }).default([]),
    }).prefault({}),
    site: table('site', {
      title: text('text in quotes').default('Routes of the mesh'),
      url: webUrlOrNone('https://ps.example.org/pstrace/'),
    }).prefault({}),
    alerts: alertsTable.prefault({}),
    email: emailTable.prefault({}),
    webhook: webhookTable.prefault({}),
    recipient: tables('recipient', recipientBlock),
    group: tables('group', groupBlock),
    maintenance: tables('maintenance', maintenanceBlock),
    policy: tables('policy', policyBlock),
    prometheus: table('prometheus', { file: fileNameOrNone }).prefault({}),
  })
  .superRefine(crossReferences);

export type FileConfig = z.output<typeof fileSchema>;
