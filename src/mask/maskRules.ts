import { isLocalAddress } from '../model/trace/addressKinds.ts';
import { createPrefixTest, type PrefixTest } from '../model/trace/addressPrefix.ts';

/** The rules for what to hide from publication. */
export interface MaskRules {
  /** Addresses within this many hops of the start of a trace; 0 for none. */
  readonly hops: number;
  /** Local addresses, see `isLocalAddress`. */
  readonly private: boolean;
  /** Prefixes in CIDR form. */
  readonly prefixes: readonly string[];
}

/** Whether any rule hides anything. */
export function hidesAnything({ hops, private: hidePrivate, prefixes }: MaskRules): boolean {
  return hops > 0 || hidePrivate || prefixes.length > 0;
}

/**
 * Creates a test of whether the rules hide an address (canonical text). `nearAddresses`: those
 * within `hops` of a source.
 */
export function createHiddenTest(
  { private: hidePrivate, prefixes }: MaskRules,
  nearAddresses: ReadonlySet<string>,
): (address: string) => boolean {
  const prefixTests = prefixes.map(requirePrefixTest);
  return (address) =>
    nearAddresses.has(address) ||
    (hidePrivate && isLocalAddress(address)) ||
    prefixTests.some((holds) => holds(address));
}

/** A rule that hides nothing would publish what it should hide, so it is an error. */
function requirePrefixTest(prefix: string): PrefixTest {
  const holds = createPrefixTest(prefix);
  if (holds === null) throw new Error(`Invalid prefix: ${prefix}`);
  return holds;
}
