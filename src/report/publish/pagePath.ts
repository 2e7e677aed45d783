/**
 * Splits the path of a page ('tests/x/index.html') into its parts. Throws for a path that could
 * lead outside the site or to its internal files: absolute paths, '.', '..', backslashes, control
 * characters, hidden names at the top.
 */
export function pagePathParts(path: string): readonly [string, ...string[]] {
  const [first, ...rest] = path.split('/');
  const parts = [first ?? '', ...rest] as const;
  if (parts.some(isUnsafe) || parts[0].startsWith('.')) {
    throw new Error(`not a path within the site: ${JSON.stringify(path)}`);
  }
  return parts;
}

/** Most file systems limit a name to 255 bytes. */
const maxNameBytes = 255;

function isUnsafe(part: string): boolean {
  return (
    part === '' ||
    part === '.' ||
    part === '..' ||
    /[\p{Cc}\\]/u.test(part) ||
    Buffer.byteLength(part) > maxNameBytes
  );
}
