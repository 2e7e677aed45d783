import { X509Certificate } from 'node:crypto';
import { ExpectedError } from '../errors.ts';

const certificateBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * SHA-256 fingerprints (`AB:CD:…`) of the certificates in PEM text, at least one. Throws an
 * `ExpectedError` about `subject`, the source of the text, if a certificate is invalid or there is
 * none.
 */
export function certificateFingerprints(pem: string, subject: string): string[] {
  try {
    const fingerprints = (pem.match(certificateBlock) ?? []).map(
      (block) => new X509Certificate(block).fingerprint256,
    );
    if (fingerprints.length > 0) return fingerprints;
  } catch {
    // Reported below, like a file without any certificate.
  }
  throw new ExpectedError({
    kind: 'misconfigured',
    subject,
    message: 'The CA file has no valid certificate.',
    remedy: 'Use a file in PEM form, with lines -----BEGIN CERTIFICATE-----.',
  });
}
