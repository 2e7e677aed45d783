/** Reads the choices that the hash of the address holds. */
export function readHash(): URLSearchParams {
  return new URLSearchParams(location.hash.slice(1));
}

/**
 * Puts choices into the hash of the address, without a new entry in the history; none remove the
 * hash.
 */
export function writeHash(choices: readonly (readonly [name: string, value: string])[]): void {
  const hash = new URLSearchParams(choices.map(([name, value]) => [name, value])).toString();
  const page = location.pathname + location.search;
  history.replaceState(null, '', hash === '' ? page : `#${hash}`);
}
