import { request } from 'undici';
import { type AgentOptions, createAgent } from './agent.ts';
import type { HttpFailure } from './httpError.ts';
import { PinMismatchError } from './pin.ts';

/** Looking at a certificate only makes a message better, so it is not waited for long. */
const maxWaitSeconds = 5;

/** A failure for the sake of a certificate, with its fingerprint in the message; any other as it is. */
export async function addFingerprint(
  failure: HttpFailure,
  url: URL,
  { fingerprint, timeoutSeconds }: AgentOptions,
): Promise<HttpFailure> {
  if (failure.reason !== 'certificate' || fingerprint) return failure;
  const peerFingerprint = await readPeerFingerprint(url, Math.min(timeoutSeconds, maxWaitSeconds));
  if (peerFingerprint === null) return failure;
  return {
    ...failure,
    message: failure.message.replace(/\.$/, ` (SHA-256 fingerprint ${peerFingerprint}).`),
  };
}

/** The fingerprint of the certificate that a server shows, by the way on which it is asked; null when none can be seen. */
async function readPeerFingerprint(url: URL, timeoutSeconds: number): Promise<string | null> {
  // No certificate has this fingerprint, so nothing is ever sent.
  const unmatchable = { caPem: null, insecure: false, fingerprint: 'none', concurrency: 1 };
  try {
    const dispatcher = createAgent(url.hostname, { ...unmatchable, timeoutSeconds });
    try {
      await request(url, { dispatcher, signal: AbortSignal.timeout(timeoutSeconds * 1000) });
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
