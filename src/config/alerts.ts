import type { MaintenanceWindow } from '../model/alerting/maintenance.ts';
import type { Subscription } from '../model/alerting/subscription.ts';
import { resolvePath } from './paths.ts';
import type { FileConfig } from './schema.ts';

/** `[email]`: the mail server. Files are absolute. */
export interface EmailConfig {
  /** Host name or address; null for a sendmail program. */
  readonly host: string | null;
  readonly sendmail: string | null;
  /** null: the default port for `security`. */
  readonly port: number | null;
  readonly security: 'auto' | 'none' | 'starttls' | 'tls';
  /** null: no authentication. */
  readonly user: string | null;
  /** The password itself, or the file that holds it. Both are null where the environment has it. */
  readonly password: string | null;
  readonly passwordFile: string | null;
  /** null: pstrace at this host. */
  readonly from: string | null;
  readonly caFile: string | null;
  readonly insecure: boolean;
  readonly timeoutSeconds: number;
}

/** `[[recipient]]`: mail addresses, a webhook or both, with their subscription. */
export interface RecipientConfig extends Subscription {
  readonly to: readonly string[];
  readonly webhook: {
    readonly url: string;
    readonly format: FileConfig['recipient'][number]['webhook_format'];
    /** Replaces the format. */
    readonly templateFile: string | null;
    /** More headers, one a line. */
    readonly headersFile: string | null;
    /** The integration key of PagerDuty. */
    readonly keyFile: string | null;
  } | null;
}

/** Recipients, maintenance windows and channels, without the content of other files. */
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
  readonly maintenance: readonly MaintenanceWindow[];
}

type AlertTables = Pick<FileConfig, 'alerts' | 'email' | 'webhook' | 'recipient' | 'maintenance'>;

/**
 * The notification part of the file; null where it has neither recipients nor maintenance windows.
 */
export function toAlertsConfig(data: AlertTables, folder: string): AlertsConfig | null {
  const { alerts, email, webhook } = data;
  if (data.recipient.length === 0 && data.maintenance.length === 0) return null;
  const defaultZone = alerts.time_zone === 'local' ? localZone() : alerts.time_zone;
  const resolveFile = (name: string) => (name === '' ? null : resolvePath(folder, name));
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
  return {
    name,
    to,
    webhook:
      block.webhook === ''
        ? null
        : {
            url: block.webhook,
            format: block.webhook_format,
            templateFile: resolveFile(block.webhook_template),
            headersFile: resolveFile(block.webhook_headers_file),
            keyFile: resolveFile(block.webhook_key_file),
          },
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
