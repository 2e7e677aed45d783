import { familyOf } from '../../model/trace/addressKinds.ts';
import { parseErrorMark } from '../mtr/icmpErrors.ts';

/** Marks of traceroute for the codes of ICMPv6 destination unreachable (RFC 4443). */
const marksOfV6 = ['!N', '!X', '!N', '!H', '!3'];
/** Type of ICMP and of ICMPv6 destination unreachable. */
const unreachableType = { 4: 3, 6: 1 } as const;

/** The error in an ICMP reply of this address, in pScheduler's words; null for any other reply. */
export function icmpReplyError(type: number, code: number, address: string): string | null {
  const family = familyOf(address);
  if (type !== unreachableType[family]) return null;
  return parseErrorMark(family === 6 ? (marksOfV6[code] ?? '!X') : `!${code}`);
}
