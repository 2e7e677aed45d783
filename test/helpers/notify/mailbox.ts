import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail that the server received. */
export interface ReceivedMail {
  readonly to: readonly string[];
  readonly from: string;
  /** Whether the connection was encrypted, and the user. */
  readonly secure: boolean;
  readonly user: string | null;
  readonly source: string;
  readonly mail: Email;
}

/** A real SMTP server on the loopback interface. */
export interface Mailbox {
  readonly port: number;
  /** Accepted mails, oldest first. */
  readonly received: ReceivedMail[];
  /** Connections made so far. */
  readonly connections: () => number;
  close(): Promise<void>;
}

/** Runs before a message is accepted; throws `reply(...)` to reject it. */
export interface Behavior {
  readonly onRecipient?: (address: string) => void;
  readonly onMessage?: (received: ReceivedMail) => void | Promise<void>;
  /** Bytes of a message after which the connection breaks. */
  readonly breakAfter?: number;
}

const tls = (name: string) =>
  readFileSync(new URL(`../../fixtures/sources/tls/${name}`, import.meta.url), 'utf8');

/** Certificate of the server and the authority that signed it, for the name `localhost`. */
export const certificate = { key: tls('server.key'), cert: tls('localhost.pem') };
export const authority = tls('authority.pem');

/** An SMTP reply that rejects, such as `reply(451, 'try later')`. */
export function reply(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

/** Opens a mailbox. Without options it accepts everything, without encryption or login. */
export async function openMailbox(
  behavior: Behavior = {},
  options: SMTPServerOptions = { disabledCommands: ['AUTH', 'STARTTLS'] },
): Promise<Mailbox> {
  const received: ReceivedMail[] = [];
  let connections = 0;
  const server = new SMTPServer({
    logger: false,
    disableReverseLookup: true,
    closeTimeout: 50,
    ...options,
    onConnect(_session, done) {
      connections++;
      done();
    },
    onRcptTo({ address }, _session, done) {
      try {
        behavior.onRecipient?.(address);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      let size = 0;
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (behavior.breakAfter !== undefined && size > behavior.breakAfter)
          for (const connection of server.connections) connection._socket.destroy();
      });
      stream.on('end', async () => {
        try {
          const source = Buffer.concat(chunks).toString('utf8');
          const { mailFrom, rcptTo } = session.envelope;
          const one: ReceivedMail = {
            to: rcptTo.map(({ address }) => address),
            from: mailFrom === false ? '' : mailFrom.address,
            secure: session.secure,
            user: session.user ?? null,
            source,
            mail: await PostalMime.parse(source),
          };
          await behavior.onMessage?.(one);
          received.push(one);
          done(null, 'queued');
        } catch (error) {
          done(error as Error);
        }
      });
    },
  });
  // What a client does to a connection is part of the tests.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    connections: () => connections,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
