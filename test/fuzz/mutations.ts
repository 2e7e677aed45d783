import type { Random } from '../../src/demo/random.ts';

/** A whole number from 0 up to `limit`. */
export function below(limit: number, random: Random): number {
  return Math.floor(random() * limit);
}

/** One of several. */
export function pick<Value>(values: readonly Value[], random: Random): Value {
  return values[below(values.length, random)] as Value;
}

/** Deep enough to break recursion, and the conversion of an array to text. */
export const deep: unknown = JSON.parse(`${'['.repeat(20_000)}1${']'.repeat(20_000)}`);

/** Values that no archive sends. */
const strange: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  0.5,
  255,
  256,
  1e9,
  -1e300,
  1.7976931348623157e308,
  9007199254740992,
  '',
  ' ',
  '0',
  '-1',
  '1e3',
  'NaN',
  'Infinity',
  'null',
  '*',
  '192.0.2.256',
  '::ffff:192.0.2.7',
  'fe80::1%eth0',
  '2001:DB8:0:0::5',
  '198.51.100.9/32',
  'AS64500',
  'AS4294967296 TOO LARGE',
  'a\u0000b\u001b[31mc\r\nd',
  '\u202egnp.exe\u2066',
  '\ud800',
  '<script>alert(1)</script>',
  '../../../../etc/passwd',
  'x'.repeat(70_000),
  '🐢'.repeat(200),
  [],
  {},
  [[]],
  [null],
  [[[{}]]],
  { length: 3 },
  { number: 64500, owner: 7 },
  JSON.parse('{"__proto__": {"ttl": 1}, "constructor": 5}'),
];

/** Values that break code that expects a number or a text. */
const fatal: readonly (() => unknown)[] = [
  () => ({ toString: null, valueOf: null }),
  () => deep,
  () => [[deep]],
];

type Branch = Record<string, unknown> | unknown[];

/**
 * Mutates one place of a JSON value: its value, type, name or neighbor. Returns the changed index
 * of the outermost array, null if the array itself changed.
 */
export function mutate(root: unknown[], random: Random): number | null {
  const path = pathInto(root, random);
  const [place] = path;
  const index = place?.branch === root ? Number(place.key) : null;
  const last = path.at(-1);
  if (last === undefined) {
    // A copy, or what this case does to it would be there for the next.
    root.push(copyOf(pick(strange, random)));
    return null;
  }
  return change(last.branch, last.key, random) && last.branch === root ? null : index;
}

interface Place {
  readonly branch: Branch;
  readonly key: string;
}

/** Selects a random, rather deep place to mutate. */
function pathInto(root: unknown[], random: Random): Place[] {
  const path: Place[] = [];
  let at: unknown = root;
  while (typeof at === 'object' && at !== null && at !== deep && path.length < 12) {
    const branch = at as Branch;
    const keys = Object.keys(branch);
    if (keys.length === 0 || (path.length > 0 && random() < 0.15)) break;
    const key = pick(keys, random);
    path.push({ branch, key });
    at = Reflect.get(branch, key);
  }
  return path;
}

/** True if more than the value of this key may have changed. */
function change(branch: Branch, key: string, random: Random): boolean {
  const value: unknown = Reflect.get(branch, key);
  switch (below(8, random)) {
    case 0:
      if (Array.isArray(branch)) branch.splice(Number(key), 1);
      else Reflect.deleteProperty(branch, key);
      return true;
    case 1:
      if (Array.isArray(branch)) branch.splice(Number(key), 0, copyOf(value));
      else branch[pick(Object.keys(branch), random)] = value;
      return true;
    case 2:
      put(branch, key, typeof value === 'number' ? String(value) : [value]);
      return false;
    case 3:
      put(branch, key, typeof value === 'number' ? nearby(value, random) : String(key));
      return false;
    case 4:
      put(branch, key, typeof value === 'string' ? garbled(value, random) : { [key]: value });
      return false;
    case 5:
      put(branch, key, pick(fatal, random)());
      return false;
    default:
      put(branch, key, copyOf(pick(strange, random)));
      return false;
  }
}

/** A copy. Values that are too deep to copy are shared, since they never change. */
function copyOf(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return value;
  }
}

function put(branch: Branch, key: string, value: unknown): void {
  Object.defineProperty(branch, key, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

function nearby(value: number, random: Random): number {
  return pick([value + 1, value - 1, -value, value * 1000, value / 7, value * 1e15], random);
}

function garbled(text: string, random: Random): string {
  const at = below(text.length + 1, random);
  const inserted = String.fromCharCode(below(0x3000, random));
  return text.slice(0, at) + inserted + text.slice(at + below(3, random));
}

/** Mutates bytes: flips, removes, doubles or truncates them. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  let result = Buffer.from(bytes);
  for (let count = 1 + below(4, random); count > 0; count -= 1) {
    const at = below(result.length + 1, random);
    const end = Math.min(result.length, at + below(24, random));
    switch (below(5, random)) {
      case 0:
        if (at < result.length) result[at] = below(256, random);
        break;
      case 1:
        result = Buffer.concat([result.subarray(0, at), result.subarray(end)]);
        break;
      case 2:
        result = Buffer.concat([result.subarray(0, end), result.subarray(at)]);
        break;
      case 3:
        result = Buffer.concat([
          result.subarray(0, at),
          Buffer.from(pick(snippets, random)),
          result.subarray(at),
        ]);
        break;
      default:
        if (random() < 0.2) result = result.subarray(0, at);
    }
  }
  return result;
}

/** Parts of JSON, lines and numbers that are difficult for parsers. */
const snippets = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  '\\',
  '\n',
  '\r\n',
  '\u0000',
  '\ufeff',
  'null',
  '1e400',
  '-',
  '9'.repeat(30),
  '"ttl":7,',
  '\ud7ff',
  '%',
  ' ms',
  '!H',
  '* * *',
  '  ',
];
