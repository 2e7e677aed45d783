import { isLocalAddress } from '../../../model/trace/addressKinds.ts';
import type { Responder } from '../../../model/trace/trace.ts';

/**
 * The device behind an address, as far as its name and AS show. All keys are plain text, meant for
 * equality only.
 */
export interface DeviceIdentity {
  /** One device, whatever interface answered: the host name without its interface label. */
  readonly router: string | null;
  /** One building or city of the router's operator: `ams`. */
  readonly place: string | null;
  readonly asn: number | null;
  /** The address means nothing outside the source's own network. */
  readonly local: boolean;
}

/**
 * Interface names of common router vendors, alone in a label (`ae3-0`) or before the device
 * (`xe-0-0-1-cr1`).
 */
const interfaceLabel =
  /^(?:(?:ae|be|et|xe|ge|fe|te|hu|fo|gi|fa|eth|po|so|lo|irb|lag|vlan|bundle-ether|port-channel|tengige|hundredgige|tengigabitethernet|gigabitethernet|ethernet|loopback)[-_]?\d+(?:[-_.:]\d+)*|lo|loopback|v\d+|\d+)$/;
const interfacePrefix =
  /^(?:(?:ae|be|et|xe|ge|fe|te|hu|fo|gi|fa|eth|po|so|lo|irb|lag|vlan|tengige|hundredgige)[-_]?\d+(?:[-_]\d+)*|lo|\d+)-(?=.*[a-z])/;
/** `amscr1-ip-a-loncr2`: a link named after both of its ends; the first one answers. */
const linkName = /^(.+?)-(?:ip|ptp|p2p|link|lo|to)(?:-.*)?$/;
/** Words for the role of a device, which say nothing about its place. */
const roleWord =
  /^(?:[a-z]?(?:cr|br|gr|core)|ce|pe|sw|gw|rt|rtr|router|edge|border|bb|bdr|csw|dsw|asw|ar|dr|er|fw|mx|ptx|asr|ncs|agg|dist|p|r|n|re|rr|h|host|ps|new)$/;

/** Identity of a responder from its name and AS; all null when nothing is known. */
export function identifyDevice(responder: Responder | undefined, address: string): DeviceIdentity {
  const asn = responder?.asn ?? null;
  const local = isLocalAddress(address);
  const name = responder?.hostname?.toLowerCase().replace(/\.$/, '') ?? null;
  if (name === null || !name.includes('.') || encodesAddress(name, address)) {
    return { router: null, place: null, asn, local };
  }
  const labels = name.split('.');
  const device = deviceLabels(labels.slice(0, -2));
  if (device.length === 0) return { router: null, place: null, asn, local };
  const place = placeOf(device);
  return { router: [...device, ...labels.slice(-2)].join('.'), place, asn, local };
}

/** The place of a device and its operator's domain, as one key; null when either is unknown. */
export function siteOf({ router, place }: DeviceIdentity): string | null {
  return router === null || place === null ? null : `${place}.${routerDomain(router)}`;
}

/** The domain of a router, which stands for its operator. */
export function routerDomain(router: string): string {
  return router.split('.').slice(-2).join('.');
}

function deviceLabels(labels: readonly string[]): string[] {
  const deviceParts = labels.filter((label, index) => index > 0 || !interfaceLabel.test(label));
  const first = deviceParts[0];
  if (first === undefined) return [];
  const bare = first.replace(interfacePrefix, '');
  const link = linkName.exec(bare);
  deviceParts[0] = link?.[1] ?? bare;
  return deviceParts.filter((label) => label !== '');
}

/** City or building token of a device name: `cr1.ams` and `amscr2` are both in `ams`. */
function placeOf(device: readonly string[]): string | null {
  const words = device
    .flatMap((label) => label.split(/[-_]/))
    .filter((word) => word !== '' && !/^\d/.test(word))
    .map((word) => withoutRole(word))
    .filter((word) => !roleWord.test(word));
  const place = words.filter((word) => word.length >= 3).join('.');
  return place === '' ? null : place;
}

/**
 * `amscr2` is in `ams`, and so is `ams2`; the number behind it separates the role from the place.
 */
function withoutRole(word: string): string {
  const bare = word.replace(/\d+$/, '');
  if (bare === word) return bare;
  return /^(.{3,}?)(?:cr|br|ce|pe|sw|gw|rt|rtr|core|edge|p|r)$/.exec(bare)?.[1] ?? bare;
}

/** A name generated from the address carries no information about the device. */
function encodesAddress(name: string, address: string): boolean {
  const v6 = address.includes(':');
  const parts = (v6 ? address.split(':') : address.split('.')).filter((part) => part !== '');
  const tokens = new Set(name.split(/[^0-9a-f]+/));
  const needed = v6 ? Math.min(4, parts.length) : 3;
  return parts.filter((part) => tokens.has(part)).length >= needed;
}
