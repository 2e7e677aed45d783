import { lookup as systemLookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';
import { canonicalAddress } from '../../lib/ip.ts';
import type { Family } from '../../model/test/test.ts';
import { familyOf } from '../../model/trace/addressKinds.ts';
import type { RunFailure } from './runFailure.ts';

/** Finds the addresses of a name; rejects as `dns.lookup` does. */
export type HostLookup = (name: string) => Promise<readonly string[]>;

/** Resolves like every program of this host: by the hosts file, DNS, or other services. */
export const lookUpBySystem: HostLookup = async (name) => {
  const found = await systemLookup(name, { all: true, order: 'verbatim' });
  return found.map(({ address }) => address);
};

/** The address to probe in a family, or why there is none. */
export type ResolvedTarget =
  | { readonly family: Family; readonly address: string }
  | { readonly family: Family; readonly failure: RunFailure };

/**
 * The addresses of a target, one for each requested family. Of several, the numerically smallest
 * counts, so that the order of a resolver does not change the target.
 */
export async function resolveTarget(
  host: string,
  wanted: Family | 'both' | null,
  lookup: HostLookup,
): Promise<ResolvedTarget[]> {
  const literal = canonicalAddress(host);
  if (literal !== null) return [{ family: familyOf(literal), address: literal }];
  try {
    const found = (await withTimeout(lookup(host))).map(canonicalAddress);
    return chooseAddresses(
      host,
      wanted,
      found.filter((address) => address !== null),
    );
  } catch (error) {
    const family = wanted === 6 ? 6 : 4;
    return [{ family, failure: unresolvedFailure(host, error) }];
  }
}

function chooseAddresses(
  host: string,
  wanted: Family | 'both' | null,
  addresses: readonly string[],
): ResolvedTarget[] {
  const found = ([4, 6] as const).flatMap((family) => {
    const [address] = addresses.filter((one) => familyOf(one) === family).sort(byNumber);
    return address === undefined ? [] : [{ family, address }];
  });
  const chosen =
    wanted === null
      ? found.slice(0, 1)
      : found.filter(({ family }) => wanted === 'both' || wanted === family);
  if (chosen.length > 0) return chosen;
  const family = wanted === 6 ? 6 : 4;
  return [{ family, failure: missingAddressFailure(host, found.length > 0 ? family : null) }];
}

function byNumber(one: string, other: string): number {
  return Buffer.compare(bytesOf(one), bytesOf(other));
}

function bytesOf(address: string): Buffer {
  return Buffer.from(ipaddr.parse(address).toByteArray());
}

/** Longer than any resolver retries. */
const maxLookupMs = 30_000;

async function withTimeout<Value>(lookup: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LookupTimeout()), maxLookupMs);
  });
  try {
    return await Promise.race([lookup, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}

class LookupTimeout extends Error {
  readonly code = 'ETIMEOUT';
}

function missingAddressFailure(host: string, family: Family | null): RunFailure {
  const kind = 'not-found';
  if (family === null) {
    return { kind, error: `${host} has no address`, remedy: 'Check the name in the targets file.' };
  }
  const other = family === 4 ? 6 : 4;
  return {
    kind,
    error: `${host} has no IPv${family} address, only IPv${other}`,
    remedy: `Set family = ${other} for it in the targets file.`,
  };
}

function unresolvedFailure(host: string, error: unknown): RunFailure {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) throw error;
  return code === 'ENOTFOUND' || code === 'EAI_NONAME'
    ? {
        kind: 'not-found',
        error: `${host} is unknown to the resolver`,
        remedy: 'Check the name in the targets file.',
      }
    : {
        kind: 'unreachable',
        error: `${host} cannot be resolved (${code})`,
        remedy: 'Check the resolver of this host.',
      };
}
