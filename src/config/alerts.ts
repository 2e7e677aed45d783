import { resolve } from 'node:path';
import type { FileConfig } from './schema.ts';
import type { classWords, severityWords } from './selectionSchema.ts';
import type { DaySpan } from './times.ts';

type ClassWord = (typeof classWords)[number];
type SeverityWord = (typeof severityWords)[number];

/** `[email]`: how mails are handed over. Files are absolute. */
export interface EmailConfig {
  /** A host; null for the sendmail program. */
  readonly host: string | null;
  readonly sendmail: string | null;
  /** null: the usual one of the kind of security. */
  readonly port: number | null;
  readonly security: 'auto' | 'none' | 'starttls' | 'tls';
  /** null: no authentication. */
  readonly user: string | null;
  /** As written into the file, or where it is instead; null for both: the environment has it. */
  readonly password: string | null;
  readonly passwordFile: string | null;
  /** null: pstrace at this host. */
  readonly from: string | null;
  readonly caFile: string | null;
  readonly insecure: boolean;
  readonly timeoutSeconds: number;
}

/** Which changes something is about; empty lists are about all. */
interface Selection {
  readonly tests: readonly string[];
  readonly groups: readonly string[];
  readonly classes: readonly ClassWord[];
}

/** `[[recipient]]`; times of day are minutes since midnight. */
export interface RecipientConfig extends Selection {
  readonly name: string;
  readonly to: readonly string[];
  readonly webhook: {
    readonly url: string;
    readonly format: 'json' | 'slack' | 'mattermost';
    /** Comes before the format. */
    readonly templateFile: string | null;
  } | null;
  readonly alertFrom: SeverityWord;
  readonly digestFrom: SeverityWord | null;
  readonly digestAt: number;
  readonly quiet: DaySpan | null;
  readonly timeZone: string;
  readonly perHour: number;
}

/** `[[maintenance]]`: once, epoch seconds, or every week. */
export interface MaintenanceConfig extends Selection {
  readonly reason: string;
  readonly elements: readonly string[];
  readonly time:
    | { readonly kind: 'once'; readonly from: number; readonly until: number }
    | {
        readonly kind: 'weekly';
        readonly weekdays: readonly number[];
        readonly span: DaySpan;
        readonly timeZone: string;
      };
}

/** `[[group]]`. */
export interface GroupConfig {
  readonly name: string;
  readonly tests: readonly string[];
}

/** Who is told of changes, and how; what is in other files is not read yet. */
export interface AlertsConfig {
  readonly prefix: string;
  /** null: two intervals of the tests concerned. */
  readonly groupWaitSeconds: number | null;
  readonly email: EmailConfig;
  readonly webhook: {
    readonly caFile: string | null;
    readonly insecure: boolean;
    readonly timeoutSeconds: number;
  };
  readonly recipients: readonly RecipientConfig[];
  readonly maintenance: readonly MaintenanceConfig[];
}

type Alerting = Pick<FileConfig, 'alerts' | 'email' | 'webhook' | 'recipient' | 'maintenance'>;

/** The part of the file that is about telling people; null when it names neither recipients nor maintenance. */
export function alertsOf(data: Alerting, folder: string): AlertsConfig | null {
  const { alerts, email, webhook } = data;
  if (data.recipient.length === 0 && data.maintenance.length === 0) return null;
  const usualZone = alerts.time_zone === 'local' ? localZone() : alerts.time_zone;
  const file = (name: string) => (name === '' ? null : resolve(folder, name));
  const { ca, timeout, insecure } = webhook;
  return {
    prefix: alerts.prefix,
    groupWaitSeconds: alerts.group_wait,
    email: emailOf(email, file),
    webhook: { caFile: file(ca), insecure, timeoutSeconds: timeout },
    recipients: data.recipient.map((block) => recipientOf(block, usualZone, file)),
    maintenance: data.maintenance.map(({ time_zone, from, until, weekly, ...about }) => ({
      ...about,
      time:
        weekly === null
          ? { kind: 'once', from: from ?? 0, until: until ?? 0 }
          : { kind: 'weekly', ...weekly, timeZone: time_zone || usualZone },
    })),
  };
}

type FileOf = (name: string) => string | null;

function emailOf(
  { server, port, security, ...email }: FileConfig['email'],
  file: FileOf,
): EmailConfig {
  const isProgram = server.includes('/');
  return {
    host: isProgram ? null : server,
    sendmail: isProgram ? file(server) : null,
    port,
    security,
    user: email.user || null,
    password: email.password || null,
    passwordFile: file(email.password_file),
    from: email.from || null,
    caFile: file(email.ca),
    insecure: email.insecure,
    timeoutSeconds: email.timeout,
  };
}

function recipientOf(
  block: FileConfig['recipient'][number],
  usualZone: string,
  file: FileOf,
): RecipientConfig {
  const { name, to, groups, tests, classes, quiet } = block;
  const templateFile = file(block.webhook_template);
  return {
    name,
    to,
    webhook:
      block.webhook === ''
        ? null
        : { url: block.webhook, format: block.webhook_format, templateFile },
    groups,
    tests,
    classes,
    alertFrom: block.alert_from,
    digestFrom: block.digest_from === 'off' ? null : block.digest_from,
    digestAt: block.digest_at,
    quiet,
    timeZone: block.time_zone || usualZone,
    perHour: block.per_hour,
  };
}

/** Time zone of this host. */
function localZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
