import { TLSSocket } from 'node:tls';
import { buildConnector, type Dispatcher, Pool } from 'undici';

/** A server has another certificate than the pinned one. */
export class PinMismatchError extends Error {
  override readonly name = 'PinMismatchError';
  /** SHA-256 fingerprint of the actual certificate, `AB:CD:…`; '' for none. */
  readonly actualFingerprint: string;

  constructor(actualFingerprint: string) {
    super('not the pinned certificate');
    this.actualFingerprint = actualFingerprint;
  }
}

/** TLS without certificate checks; only for connections that `pinnedPoolFactory` checks. */
export const uncheckedTls = {
  rejectUnauthorized: false,
  // A resumed session may have no certificate.
  maxCachedSessions: 0,
} as const;

/**
 * Creates pools of TLS connections to the owner of one certificate. They check its fingerprint
 * before they send anything. Like a host key of SSH, the certificate may have any name, authority
 * and age.
 */
export function pinnedPoolFactory(
  fingerprint: string,
  options: buildConnector.BuildOptions,
): (origin: string | URL, settings: Pool.Options) => Dispatcher {
  return (origin, settings) => {
    const { connect } = settings;
    const connector = typeof connect === 'function' ? connect : buildConnector(options);
    return new Pool(origin, { ...settings, connect: withPinCheck(connector, fingerprint) });
  };
}

function withPinCheck(
  connect: buildConnector.connector,
  fingerprint: string,
): buildConnector.connector {
  return (target, callback) =>
    connect(target, (...[error, socket]) => {
      if (error !== null) return callback(error, null);
      const isTls = socket instanceof TLSSocket;
      const actualFingerprint = isTls ? (socket.getPeerCertificate().fingerprint256 ?? '') : '';
      if (actualFingerprint === fingerprint) return callback(null, socket);
      socket.on('error', () => {}).destroy();
      callback(new PinMismatchError(actualFingerprint), null);
    });
}
