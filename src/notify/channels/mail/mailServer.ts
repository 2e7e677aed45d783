import { getCACertificates } from 'node:tls';
import nodemailer, {
  type SendmailTransportOptions,
  type SMTPTransportOptions,
  type Transporter,
} from 'nodemailer';
import { folderTransport } from './mailFolder.ts';

/**
 * A mail server. `security`: `tls` from the start; `starttls` or nothing; `none`; `auto` for what the server offers, which must be
 * trustworthy as soon as a password is sent.
 */
export interface SmtpSettings {
  readonly kind: 'smtp';
  readonly host: string;
  /** null: the usual one of the kind of security. */
  readonly port: number | null;
  readonly security: 'auto' | 'none' | 'starttls' | 'tls';
  /** null: no authentication. */
  readonly user: string | null;
  readonly password: string | null;
  /** Certificates to trust beside the system's. */
  readonly caPem: string | null;
  readonly insecure: boolean;
  /** How long to wait for a connection, and for an answer to go on. */
  readonly timeoutSeconds: number;
}

/** The sendmail program of this machine. */
export interface SendmailSettings {
  readonly kind: 'sendmail';
  readonly path: string;
}

/** A folder that takes every mail as a file and sends none: for the demo. */
export interface MailFolderSettings {
  readonly kind: 'folder';
  readonly path: string;
}

export type MailServer = SmtpSettings | SendmailSettings | MailFolderSettings;

const defaultPorts = { auto: 25, none: 25, starttls: 587, tls: 465 } as const;
const maxGreetingMs = 30_000;

/** Port of a mail server. */
function portOf({ port, security }: SmtpSettings): number {
  return port ?? defaultPorts[security];
}

/** A mail server in words: `mail server mail.example.org:587`. */
export function serverName(server: MailServer): string {
  return server.kind === 'smtp' ? `mail server ${server.host}:${portOf(server)}` : server.path;
}

/**
 * A transport that opens a connection for each mail: one that is kept open would send again by itself after it broke. Reads
 * no files and fetches nothing, whatever a mail says.
 */
export function createTransport(server: MailServer): Transporter {
  const restrictions = { disableFileAccess: true, disableUrlAccess: true };
  if (server.kind === 'folder') return nodemailer.createTransport(folderTransport(server.path));
  if (server.kind === 'sendmail') {
    const options: SendmailTransportOptions = {
      path: server.path,
      newline: 'unix',
      ...restrictions,
    };
    return nodemailer.createTransport({ ...options, sendmail: true });
  }
  return nodemailer.createTransport({ ...smtpOptions(server), ...restrictions });
}

function smtpOptions(server: SmtpSettings): SMTPTransportOptions {
  const { host, security, user, password, caPem, insecure, timeoutSeconds } = server;
  const timeout = timeoutSeconds * 1000;
  // Whoever could read along would have the password; what stays on this machine nobody reads.
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
