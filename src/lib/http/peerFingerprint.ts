import { request } from 'undici';
import { type AgentOptions, createAgent } from './agent.ts';
import type { HttpFailure } from './httpError.ts';
import { PinMismatchError } from './pin.ts';

/** The fingerprint only improves a message, so the wait is short. */
const maxWaitSeconds = 5;

/**
 * Adds the fingerprint to the message of a certificate failure; returns other failures unchanged.
 */
export async function addFingerprint(
  failure: HttpFailure,
  url: URL,
  { fingerprint, timeoutSeconds, isAddressAllowed }: AgentOptions,
): Promise<HttpFailure> {
  if (failure.reason !== 'certificate' || fingerprint) return failure;
  const peerFingerprint = await readPeerFingerprint(url, {
    timeoutSeconds: Math.min(timeoutSeconds, maxWaitSeconds),
    ...(isAddressAllowed && { isAddressAllowed }),
  });
  if (peerFingerprint === null) return failure;
  return {
    ...failure,
    message: failure.message.replace(/\.$/, ` (SHA-256 fingerprint ${peerFingerprint}).`),
  };
}

/**
 * The fingerprint of a server's certificate, over the same route (proxy included); null without
 * one.
 */
async function readPeerFingerprint(
  url: URL,
  options: Pick<AgentOptions, 'timeoutSeconds' | 'isAddressAllowed'>,
): Promise<string | null> {
  // No certificate has this fingerprint, so no request is ever sent.
  const unmatchable = { caPem: null, insecure: false, fingerprint: 'none', concurrency: 1 };
  try {
    const dispatcher = createAgent(url.hostname, { ...unmatchable, ...options });
    try {
      await request(url, {
        dispatcher,
        signal: AbortSignal.timeout(options.timeoutSeconds * 1000),
      });
      return null;
    } finally {
      await dispatcher.destroy();
    }
  } catch (error) {
    return error instanceof PinMismatchError && error.actualFingerprint !== ''
      ? error.actualFingerprint
      : null;
  }
}
