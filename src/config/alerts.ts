import { resolve } from 'node:path';
import type { FileConfig } from './schema.ts';
import type { classNames, severityNames } from './selectionSchema.ts';
import type { TimeOfDayRange } from './times.ts';

type ClassName = (typeof classNames)[number];
type SeverityName = (typeof severityNames)[number];

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
interface ChangeSelection {
  readonly tests: readonly string[];
  readonly groups: readonly string[];
  readonly classes: readonly ClassName[];
}

/** `[[recipient]]`; times of day are minutes since midnight. */
export interface RecipientConfig extends ChangeSelection {
  readonly name: string;
  readonly to: readonly string[];
  readonly webhook: {
    readonly url: string;
    readonly format: 'json' | 'slack' | 'mattermost';
    /** Comes before the format. */
    readonly templateFile: string | null;
  } | null;
  readonly alertFrom: SeverityName;
  readonly digestFrom: SeverityName | null;
  readonly digestAt: number;
  readonly quiet: TimeOfDayRange | null;
  readonly timeZone: string;
  readonly perHour: number;
}

/** `[[maintenance]]`: once, epoch seconds, or every week. */
export interface MaintenanceConfig extends ChangeSelection {
  readonly reason: string;
  readonly elements: readonly string[];
  readonly time:
    | { readonly kind: 'once'; readonly from: number; readonly until: number }
    | {
        readonly kind: 'weekly';
        readonly weekdays: readonly number[];
        readonly span: TimeOfDayRange;
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

type AlertTables = Pick<FileConfig, 'alerts' | 'email' | 'webhook' | 'recipient' | 'maintenance'>;

/** The part of the file that is about telling people; null when it names neither recipients nor maintenance. */
export function toAlertsConfig(data: AlertTables, folder: string): AlertsConfig | null {
  const { alerts, email, webhook } = data;
  if (data.recipient.length === 0 && data.maintenance.length === 0) return null;
  const defaultZone = alerts.time_zone === 'local' ? localZone() : alerts.time_zone;
  const resolveFile = (name: string) => (name === '' ? null : resolve(folder, name));
  const { ca, timeout, insecure } = webhook;
  return {
    prefix: alerts.prefix,
    groupWaitSeconds: alerts.group_wait,
    email: toEmailConfig(email, resolveFile),
    webhook: { caFile: resolveFile(ca), insecure, timeoutSeconds: timeout },
    recipients: data.recipient.map((block) => toRecipientConfig(block, defaultZone, resolveFile)),
    maintenance: data.maintenance.map(({ time_zone, from, until, weekly, ...rest }) => ({
      ...rest,
      time:
        weekly === null
          ? { kind: 'once', from: from ?? 0, until: until ?? 0 }
          : { kind: 'weekly', ...weekly, timeZone: time_zone || defaultZone },
    })),
  };
}

type ResolveFile = (name: string) => string | null;

function toEmailConfig(
  { server, port, security, ...email }: FileConfig['email'],
  resolveFile: ResolveFile,
): EmailConfig {
  const isProgram = server.includes('/');
  return {
    host: isProgram ? null : server,
    sendmail: isProgram ? resolveFile(server) : null,
    port,
    security,
    user: email.user || null,
    password: email.password || null,
    passwordFile: resolveFile(email.password_file),
    from: email.from || null,
    caFile: resolveFile(email.ca),
    insecure: email.insecure,
    timeoutSeconds: email.timeout,
  };
}

function toRecipientConfig(
  block: FileConfig['recipient'][number],
  defaultZone: string,
  resolveFile: ResolveFile,
): RecipientConfig {
  const { name, to, groups, tests, classes, quiet } = block;
  const templateFile = resolveFile(block.webhook_template);
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
    timeZone: block.time_zone || defaultZone,
    perHour: block.per_hour,
  };
}

/** Time zone of this host. */
function localZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
