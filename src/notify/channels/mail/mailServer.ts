import { getCACertificates } from 'node:tls';
import nodemailer, { type SMTPTransportOptions, type Transporter } from 'nodemailer';
import { folderTransport } from './mailFolder.ts';
import { type SendmailSettings, sendmailTransport } from './sendmail.ts';

/**
 * A mail server. `security`: `tls` from the start; `starttls` required; `none`; `auto`: what the
 * server offers, but verified TLS if there is a password to send.
 */
export interface SmtpSettings {
  readonly kind: 'smtp';
  readonly host: string;
  /** null: the default port for `security`. */
  readonly port: number | null;
  readonly security: 'auto' | 'none' | 'starttls' | 'tls';
  /** null: no authentication. */
  readonly user: string | null;
  readonly password: string | null;
  /** Certificates to trust in addition to the system's. */
  readonly caPem: string | null;
  readonly insecure: boolean;
  /** Limit for one mail, from the connection to the last reply. */
  readonly timeoutSeconds: number;
}

/** A folder that receives each mail as a file, for the demo. */
export interface MailFolderSettings {
  readonly kind: 'folder';
  readonly path: string;
}

export type MailServer = SmtpSettings | SendmailSettings | MailFolderSettings;

const defaultPorts = { auto: 25, none: 25, starttls: 587, tls: 465 } as const;
const maxGreetingMs = 30_000;

function portOf({ port, security }: SmtpSettings): number {
  return port ?? defaultPorts[security];
}

/** The name of a mail server: `mail server mail.example.org:587`. */
export function serverName(server: MailServer): string {
  return server.kind === 'smtp' ? `mail server ${server.host}:${portOf(server)}` : server.path;
}

/** Neither files nor URLs become part of a mail, whatever it contains. */
const restrictions = { disableFileAccess: true, disableUrlAccess: true };

/**
 * A transport with one connection for each mail: a pooled one would resend on its own after a
 * failure.
 */
export function createTransport(server: MailServer): Transporter {
  if (server.kind === 'folder')
    return nodemailer.createTransport(folderTransport(server.path), restrictions);
  if (server.kind === 'sendmail') {
    return nodemailer.createTransport(sendmailTransport(server), restrictions);
  }
  return nodemailer.createTransport({ ...smtpOptions(server), ...restrictions });
}

/** Nodemailer's options for a connection to a server. */
export function smtpOptions(server: SmtpSettings): SMTPTransportOptions {
  const { host, security, user, password, caPem, insecure, timeoutSeconds } = server;
  const timeout = timeoutSeconds * 1000;
  // A password must not cross the network in clear text; the loopback interface is safe.
  const requiresTls = security === 'starttls' || (security === 'auto' && user !== null);
  const isLocal = isLoopback(host);
  const isOpportunistic = security === 'auto' && user === null;
  return {
    host,
    port: portOf(server),
    secure: security === 'tls',
    requireTLS: requiresTls && !(isLocal && security === 'auto'),
    ignoreTLS: security === 'none' || (isLocal && security === 'auto'),
    ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
    connectionTimeout: timeout,
    greetingTimeout: Math.min(timeout, maxGreetingMs),
    socketTimeout: timeout,
    dnsTimeout: timeout,
    tls: {
      rejectUnauthorized: !(insecure || isOpportunistic),
      ...(caPem === null ? {} : { ca: [...getCACertificates('default'), caPem] }),
    },
  };
}

function isLoopback(host: string): boolean {
  return /^(localhost|127\.[\d.]+|::1)$/i.test(host);
}
