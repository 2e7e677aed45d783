import { ExpectedError } from '../lib/errors.ts';
import type { ArchiveOptions } from './types.ts';

const loopback = /^http:\/\/(localhost|127\.[\d.]+|\[::1\])(?=[:/]|$)/;

/**
 * The base URLs of an archive that protect the requests: without http if a certificate is
 * pinned, or if the requests hold a password, except to this host. An attacker who blocks https
 * could otherwise intercept them. Throws an `ExpectedError` if none is left.
 */
export function secureBases(
  id: string,
  bases: readonly string[],
  { fingerprint, authorization }: Pick<ArchiveOptions, 'fingerprint' | 'authorization'>,
): readonly string[] {
  if (!fingerprint && !authorization) return bases;
  const secure = bases.filter((base) => base.startsWith('https:'));
  if (secure.length > 0) return secure;
  if (!fingerprint && bases.every((base) => loopback.test(base))) return bases;
  throw new ExpectedError({
    kind: 'misconfigured',
    subject: id,
    message: fingerprint
      ? 'A fingerprint is pinned, but http has no certificate.'
      : 'http does not protect the password of the archive.',
    remedy: fingerprint
      ? 'Use an https address, or remove the fingerprint.'
      : 'Use an https address.',
  });
}
