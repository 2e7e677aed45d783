import { errors } from 'undici';
import { foreignText } from '../../model/run/foreignText.ts';
import { ForbiddenAddressError } from './checkedLookup.ts';
import type { HttpFailure } from './httpError.ts';
import { PinMismatchError } from './pin.ts';

const certificateProblems: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'is signed by an authority that is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'is signed by an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT: 'is signed by an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'is signed by an authority that is not trusted here',
  CERT_UNTRUSTED: 'is signed by an authority that is not trusted here',
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  CERT_REVOKED: 'is revoked',
  CERT_SIGNATURE_FAILURE: 'has a wrong signature',
  ERR_TLS_CERT_ALTNAME_INVALID: 'was issued for another name',
};
const trustRemedy =
  'Pin it with --fingerprint, trust it or its authority with --ca FILE, or accept any certificate with --insecure.';
/** Remedies of certificates for which --ca does not help, or helps differently. */
const remedies: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED:
    'Renew it on the server and check the clock of this host, pin it with --fingerprint, or accept any certificate with --insecure.',
  CERT_NOT_YET_VALID:
    'Check the clocks, pin it with --fingerprint, or accept any certificate with --insecure.',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'Use the name in the certificate, pin it with --fingerprint, trust it with --ca FILE, or accept any certificate with --insecure.',
};
const pinRemedy =
  'If the server has a new certificate, check its fingerprint on that host (openssl x509 -noout -fingerprint -sha256 -in FILE) and pin it.';

const dnsRemedy = 'Check the name, and the resolver of this host.';
const proxyRemedy = 'Check HTTP_PROXY, HTTPS_PROXY and NO_PROXY in the environment.';

/** Errors of a TLS client that receives plain HTTP. */
const plainHttpErrors = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL/;

/**
 * Explains the failure of a connection to `host` (a server, with its port if relevant). `error` is
 * from undici, TLS or the resolver. null if it is not a failure of a connection, so a bug.
 */
export function connectionFailure(
  error: unknown,
  host: string,
  timeoutSeconds: number,
): HttpFailure | null {
  if (error instanceof PinMismatchError) return pinMismatchFailure(error, host);
  if (error instanceof ForbiddenAddressError) return forbiddenFailure(host);
  const facts = errorFacts(error);
  return (
    certificateFailure(facts, host) ??
    refusedFailure(error, facts, host) ??
    dnsFailure(facts, host) ??
    timeoutFailure(error, facts, host, timeoutSeconds) ??
    proxyFailure(facts, host) ??
    protocolFailure(error, host) ??
    tlsFailure(facts, host) ??
    brokenConnectionFailure(facts, host)
  );
}

/** The parts of an error that classify it. */
interface ErrorFacts {
  readonly code: string;
  readonly message: string;
  /** The failed call of the operating system. */
  readonly syscall: string;
}

function certificateFailure({ code }: ErrorFacts, host: string): HttpFailure | null {
  const problem = certificateProblems[code];
  if (problem === undefined && !/^CERT_|_CERT$|_CERT_|CRL/.test(code)) return null;
  return {
    reason: 'certificate',
    message: `The certificate of ${host} ${problem ?? `is rejected (${code})`}.`,
    remedy: remedies[code] ?? trustRemedy,
  };
}

function refusedFailure(error: unknown, { code }: ErrorFacts, host: string): HttpFailure | null {
  if (code !== 'ECONNREFUSED') return null;
  const refusing = refusingAddress(error);
  const detail = refusing === host ? null : foreignText(refusing);
  return refusing !== null && !isPortOf(host, refusing)
    ? { reason: 'refused', message: `The proxy of ${host} refused the connection.`, detail }
    : { reason: 'refused', message: `${host} refused the connection.`, detail };
}

/** Why the resolver found no address, by its error code. */
const dnsReasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name is unknown',
  ENODATA: 'the name is unknown',
  EAI_AGAIN: 'the resolver does not respond',
  EINVAL: 'this cannot be a name',
};

function dnsFailure({ code, syscall }: ErrorFacts, host: string): HttpFailure | null {
  const isLookup = syscall === 'getaddrinfo';
  const why = dnsReasons[code] ?? (isLookup ? `the resolver failed (${code})` : undefined);
  if (why === undefined || (code === 'EINVAL' && !isLookup)) return null;
  return { reason: 'dns', message: `No address found for ${host}: ${why}.`, remedy: dnsRemedy };
}

function timeoutFailure(
  error: unknown,
  { code }: ErrorFacts,
  host: string,
  timeoutSeconds: number,
): HttpFailure | null {
  if (!/TIMEOUT|ETIMEDOUT/.test(code) && !isDeadline(error)) return null;
  return { reason: 'timeout', message: `${host} did not respond within ${timeoutSeconds} s.` };
}

function proxyFailure({ code, message }: ErrorFacts, host: string): HttpFailure | null {
  if (!/^UND_ERR_PRX|^UND_ERR_SOCKS5/.test(code) && !/proxy/i.test(message)) return null;
  return {
    reason: 'proxy',
    message: `The proxy does not connect to ${host}${statusText(message)}.`,
    detail: foreignText(message),
    remedy: proxyRemedy,
  };
}

/** The status in undici's message about a proxy: `Proxy response (407) !== 200 …`. */
function statusText(message: string): string {
  const status = /^Proxy response \((\d{3})\)/.exec(message)?.[1];
  return status === undefined ? '' : ` (HTTP status ${status})`;
}

/** A server of another protocol, such as SSH, or one that breaks the rules of HTTP. */
function protocolFailure(error: unknown, host: string): HttpFailure | null {
  if (!(error instanceof errors.HTTPParserError)) return null;
  return {
    reason: 'broken',
    message: `${host} does not speak HTTP.`,
    detail: foreignText(error.message),
    remedy: 'Check the host and the port.',
  };
}

function tlsFailure({ code, message }: ErrorFacts, host: string): HttpFailure | null {
  if (!/^ERR_SSL_|^EPROTO$/.test(code)) return null;
  return plainHttpErrors.test(`${code} ${message}`)
    ? { reason: 'not-tls', message: `${host} does not speak TLS.` }
    : { reason: 'tls', message: `No TLS connection to ${host}: ${code}.` };
}

function pinMismatchFailure({ actualFingerprint }: PinMismatchError, host: string): HttpFailure {
  const which =
    actualFingerprint === ''
      ? 'it sent no certificate'
      : `it has the fingerprint ${actualFingerprint}`;
  const message = `The certificate of ${host} is not the pinned one: ${which}.`;
  return { reason: 'certificate', message, remedy: pinRemedy };
}

function forbiddenFailure(host: string): HttpFailure {
  return {
    reason: 'forbidden',
    message: `${host} has only private addresses that the configuration does not name.`,
  };
}

/** Whether an error is from this program's own deadline. */
function isDeadline(error: unknown): boolean {
  return error instanceof DOMException && /^(Abort|Timeout)Error$/.test(error.name);
}

function brokenConnectionFailure({ code }: ErrorFacts, host: string): HttpFailure | null {
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || code === 'EADDRNOTAVAIL') {
    return { reason: 'refused', message: `There is no route to ${host}.` };
  }
  const socketErrors = /^UND_ERR_(SOCKET|ABORTED|RES_CONTENT_LENGTH|INFO|HEADERS_OVERFLOW)/;
  if (
    /^(ECONN|EPIPE|HPE_|Z_|ERR__ERROR_FORMAT|ERR_STREAM_PREMATURE)/.test(code) ||
    socketErrors.test(code)
  ) {
    return { reason: 'broken', message: `The connection to ${host} broke (${code}).` };
  }
  return null;
}

function errorFacts(error: unknown): ErrorFacts {
  if (!(error instanceof Error)) return { code: '', message: '', syscall: '' };
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  return {
    code: typeof code === 'string' ? code : '',
    message: error.message,
    syscall: typeof syscall === 'string' ? syscall : '',
  };
}

/** Address and port that refused the connection, perhaps those of a proxy. */
function refusingAddress(error: unknown): string | null {
  const { address, port } = error as { address?: unknown; port?: unknown };
  if (typeof address !== 'string' || typeof port !== 'number') return null;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Whether an address is at the port of a host, or at a usual one if the host names none. */
function isPortOf(host: string, address: string): boolean {
  const [port, actualPort] = [host, address].map((each) => /:(\d+)$/.exec(each)?.[1]);
  return port === undefined ? ['80', '443'].includes(actualPort ?? '') : port === actualPort;
}
