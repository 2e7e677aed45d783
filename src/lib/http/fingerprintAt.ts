import { request } from 'undici';
import { type AgentOptions, createAgent } from './agent.ts';
import type { HttpFailure } from './failure.ts';
import { OtherCertificate } from './pin.ts';

/** Looking at a certificate only makes a message better, so it is not waited for long. */
const patienceSeconds = 5;

/** A failure for the sake of a certificate, with its fingerprint in the message; any other as it is. */
export async function withFingerprint(
  failure: HttpFailure,
  url: URL,
  { fingerprint, timeoutSeconds }: AgentOptions,
): Promise<HttpFailure> {
  if (failure.reason !== 'certificate' || fingerprint) return failure;
  const seen = await fingerprintAt(url, Math.min(timeoutSeconds, patienceSeconds));
  if (seen === null) return failure;
  return { ...failure, message: failure.message.replace(/\.$/, ` (SHA-256 fingerprint ${seen}).`) };
}

/** The fingerprint of the certificate that a server shows, by the way on which it is asked; null when none can be seen. */
async function fingerprintAt(url: URL, timeoutSeconds: number): Promise<string | null> {
  // No certificate has this fingerprint, so nothing is ever sent.
  const none = { caPem: null, insecure: false, fingerprint: 'none', concurrency: 1 };
  try {
    const dispatcher = createAgent(url.hostname, { ...none, timeoutSeconds });
    try {
      await request(url, { dispatcher, signal: AbortSignal.timeout(timeoutSeconds * 1000) });
      return null;
    } finally {
      await dispatcher.destroy();
    }
  } catch (error) {
    return error instanceof OtherCertificate && error.seen !== '' ? error.seen : null;
  }
}
