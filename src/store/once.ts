/** Wraps a look-up so that each key is looked up once; lives as long as what it gives is good. */
export function once<K, V>(look: (key: K) => V): (key: K) => V {
  const found = new Map<K, V>();
  return (key) => {
    const hit = found.get(key);
    if (hit !== undefined) return hit;
    const value = look(key);
    found.set(key, value);
    return value;
  };
}
