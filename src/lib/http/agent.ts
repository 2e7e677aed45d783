import { type ConnectionOptions, checkServerIdentity, getCACertificates } from 'node:tls';
import { Agent, type buildConnector, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { ExpectedError } from '../errors.ts';
import { certificateFingerprints } from './certificates.ts';
import { checkedLookup } from './checkedLookup.ts';
import { pinnedPoolFactory, uncheckedTls } from './pin.ts';

/**
 * How to connect to one server. `caPem`: certificates to trust in addition to the system's;
 * `insecure`: trust any certificate; `fingerprint`: trust only the certificate with this SHA-256
 * fingerprint (`AB:CD:…`), regardless of the other options.
 */
export interface AgentOptions {
  readonly caPem: string | null;
  readonly insecure: boolean;
  readonly fingerprint?: string | null;
  /** Addresses to connect to, without a proxy; absent: all. A proxy resolves names itself. */
  readonly isAddressAllowed?: (address: string) => boolean;
  readonly concurrency: number;
  readonly timeoutSeconds: number;
}

type TrustOptions = Pick<
  ConnectionOptions,
  'ca' | 'rejectUnauthorized' | 'checkServerIdentity' | 'allowPartialTrustChain'
>;

/** A connection takes a few round trips; a server that needs longer is down. */
const maxConnectMs = 10_000;
/**
 * Node's default of 250 ms before the next address of a name is less than an intercontinental round
 * trip.
 */
const attemptTimeoutMs = 2000;

/**
 * Creates a keep-alive pool for one host, through the proxy of the environment (HTTP_PROXY,
 * HTTPS_PROXY, NO_PROXY) unless the host is this machine. Throws an `ExpectedError` for an invalid
 * proxy address or certificate file, and for a pinned certificate behind a proxy that hides it.
 */
export function createAgent(hostname: string, options: AgentOptions): Dispatcher {
  const { isAddressAllowed } = options;
  const lookup = isAddressAllowed && { lookup: checkedLookup(isAddressAllowed) };
  const tls = { ...trustOptions(options), ...lookup };
  const timeout = Math.min(options.timeoutSeconds * 1000, maxConnectMs);
  const pool = {
    connections: options.concurrency,
    connectTimeout: timeout,
    autoSelectFamilyAttemptTimeout: attemptTimeoutMs,
    allowH2: false,
    connect: tls,
    ...pinOptions(options, { ...tls, timeout, allowH2: false }),
  };
  if (isLoopback(hostname)) return new Agent(pool);
  if (options.fingerprint && hasSocksProxy()) throw pinBehindSocksError(hostname);
  try {
    return new EnvHttpProxyAgent({ ...pool, requestTls: tls });
  } catch (cause) {
    throw new ExpectedError(
      {
        kind: 'misconfigured',
        subject: hostname,
        message: 'The proxy address in the environment (HTTP_PROXY, HTTPS_PROXY) is not a URL.',
        remedy: 'Set it to http://host:port, or unset it.',
      },
      { cause },
    );
  }
}

function pinOptions(
  { fingerprint }: AgentOptions,
  options: buildConnector.BuildOptions,
): Pick<Agent.Options, 'factory'> {
  const connectorOptions = { ...options, autoSelectFamilyAttemptTimeout: attemptTimeoutMs };
  return fingerprint ? { factory: pinnedPoolFactory(fingerprint, connectorOptions) } : {};
}

/**
 * undici creates TLS connections through SOCKS itself, so they cannot be checked. It uses the same
 * variables.
 */
function hasSocksProxy(): boolean {
  const { env } = process;
  const proxies = [env.http_proxy, env.HTTP_PROXY, env.https_proxy, env.HTTPS_PROXY];
  return proxies.some((proxy) => /^socks/i.test(proxy ?? ''));
}

function pinBehindSocksError(hostname: string): ExpectedError {
  return new ExpectedError({
    kind: 'misconfigured',
    subject: hostname,
    message: 'pstrace cannot check a pinned fingerprint through a SOCKS proxy.',
    remedy: 'Use --ca FILE with the certificate itself, or an HTTP proxy.',
  });
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127\.[\d.]+|\[::1\])$/i.test(hostname);
}

/**
 * A certificate that is itself in `caPem` is valid for any name: toolkits have self-signed ones for
 * `localhost.localdomain`, and possession of the certificate proves more than a name.
 */
function trustOptions({ caPem, insecure, fingerprint }: AgentOptions): TrustOptions {
  if (fingerprint) return uncheckedTls;
  if (insecure) return { rejectUnauthorized: false };
  if (caPem === null) return {};
  const trustedFingerprints = new Set(certificateFingerprints(caPem, 'ca'));
  return {
    ca: [...getCACertificates('default'), caPem],
    allowPartialTrustChain: true,
    checkServerIdentity: (name, certificate) =>
      trustedFingerprints.has(certificate.fingerprint256)
        ? undefined
        : checkServerIdentity(name, certificate),
  };
}
