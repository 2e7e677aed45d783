import { TLSSocket } from 'node:tls';
import { buildConnector, type Dispatcher, Pool } from 'undici';

/** A server showed another certificate than the pinned one. */
export class PinMismatchError extends Error {
  override readonly name = 'OtherCertificate';
  /** SHA-256 fingerprint of the certificate that it showed, `AB:CD:…`; '' for none. */
  readonly actualFingerprint: string;

  constructor(actualFingerprint: string) {
    super('not the pinned certificate');
    this.actualFingerprint = actualFingerprint;
  }
}

/** TLS without any check of its own; only for connections that `pinnedPools` looks at. */
export const uncheckedTls = {
  rejectUnauthorized: false,
  // A session that is taken up again may show no certificate.
  maxCachedSessions: 0,
} as const;

/**
 * Makes connection pools that speak TLS with the owner of one certificate alone: before anything is sent, its fingerprint is
 * compared. Name, authority and age of the certificate do not matter, as with a host key of SSH.
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
