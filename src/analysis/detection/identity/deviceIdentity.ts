import type { Responder } from '../../../model/trace.ts';

/** Who answers at an address, as far as its name and AS tell. All keys are plain text for equality only. */
export interface DeviceIdentity {
  /** One device, whatever interface answered: the host name without its interface label. */
  readonly router: string | null;
  /** One building or city of the router's operator: `ams`. */
  readonly place: string | null;
  readonly asn: number | null;
  /** Private, shared or unique-local address: means nothing outside the source's own network. */
  readonly local: boolean;
}

const localAddress =
  /^(?:10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/;

/** Interface names of the usual router makers, alone in a label (`ae3-0`) or in front of the device (`xe-0-0-1-cr1`). */
const interfaceLabel =
  /^(?:(?:ae|be|et|xe|ge|fe|te|hu|fo|gi|fa|eth|po|so|lo|irb|lag|vlan|bundle-ether|port-channel|tengige|hundredgige|tengigabitethernet|gigabitethernet|ethernet|loopback)[-_]?\d+(?:[-_.:]\d+)*|lo|loopback|v\d+|\d+)$/;
const interfacePrefix =
  /^(?:(?:ae|be|et|xe|ge|fe|te|hu|fo|gi|fa|eth|po|so|lo|irb|lag|vlan|tengige|hundredgige)[-_]?\d+(?:[-_]\d+)*|lo|\d+)-(?=.*[a-z])/;
/** `amscr1-ip-a-loncr2`: a link named after both of its ends; the first is the one that answers. */
const linkName = /^(.+?)-(?:ip|ptp|p2p|link|lo|to)(?:-.*)?$/;
/** What a device does, which is no part of where it stands. */
const roleWord =
  /^(?:cr|br|ce|pe|sw|gw|rt|rtr|router|core|edge|border|bb|bdr|csw|dsw|asw|ar|dr|er|fw|mx|ptx|asr|ncs|agg|dist|p|r|n|re|rr|h|host|ps|new)$/;

/** Identity of a responder from its name and AS; everything is null when nothing is known. */
export function identifyDevice(responder: Responder | undefined, address: string): DeviceIdentity {
  const asn = responder?.asn ?? null;
  const local = localAddress.test(address);
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

/** One building or city of one operator: the place, and the domain of the router. */
export function siteOf({ router, place }: DeviceIdentity): string | null {
  return router === null || place === null ? null : `${place}.${routerDomain(router)}`;
}

/** The domain of a router, which tells its operator. */
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

/** City or building token of a device name: `cr1.ams` and `amscr2` both stand in `ams`. */
function placeOf(device: readonly string[]): string | null {
  const words = device
    .flatMap((label) => label.split(/[-_]/))
    .filter((word) => word !== '' && !/^\d/.test(word))
    .map((word) => withoutRole(word))
    .filter((word) => !roleWord.test(word));
  const place = words.filter((word) => word.length >= 3).join('.');
  return place === '' ? null : place;
}

/** `amscr2` stands in `ams`, `ams2` too; the role is told from the place by the number behind it. */
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
