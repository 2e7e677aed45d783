/**
 * Converts the SHA-256 fingerprint of a certificate to Node's form, `AB:CD:…`. Accepts the forms of
 * common tools: hexadecimal in either case, with or without colons, after `SHA256:` or `sha256
 * Fingerprint=`. null for anything else.
 */
export function parseCertificateFingerprint(text: string): string | null {
  const digits = text
    .trim()
    .replace(/^sha-?256(?: fingerprint=|:)?/i, '')
    .replaceAll(/[:\s]/g, '')
    .toUpperCase();
  return /^[0-9A-F]{64}$/.test(digits) ? (digits.match(/../g) ?? []).join(':') : null;
}
