/** Results of `memoize`: a `Map`, or a `WeakMap` that lets objects go. */
export interface MemoCache<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): unknown;
}

/**
 * Wraps a function so that it computes each key once, as long as the cache lives. A result of
 * `undefined` is computed again.
 */
export function memoize<Key, Value>(
  compute: (key: Key) => Value,
  cache: MemoCache<Key, Value> = new Map(),
): (key: Key) => Value {
  return (key) => {
    const cached = cache.get(key);
    if (cached !== undefined) return cached;
    const value = compute(key);
    cache.set(key, value);
    return value;
  };
}
