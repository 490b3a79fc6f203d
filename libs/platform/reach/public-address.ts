import ipaddr from 'ipaddr.js';

/** All of IPv6 that is assigned to the public internet. */
const GIVEN_OUT = ipaddr.IPv6.parseCIDR('2000::/3');
/** Azure's metadata, within a public range. */
const METADATA = '168.63.129.16';

/**
 * Whether an IP address, version 4, 6, or 4 mapped into 6, belongs to the public internet: no private,
 * loopback, link-local, shared, multicast, tunnelled or test network.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const plain = ipaddr.process(address);
  if (plain.range() !== 'unicast' || plain.toString() === METADATA) return false;
  return plain.kind() === 'ipv4' || (plain as ipaddr.IPv6).match(GIVEN_OUT);
}
