import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** IPv6 addresses assigned to the public internet. */
const GIVEN_OUT = ipaddr.IPv6.parseCIDR('2000::/3');
/** Azure's metadata service, within a public range. */
const METADATA = '168.63.129.16';

/** The connection was not made, because the host is, or resolves to, an address that is not public. */
export class PrivateAddressError extends Error {
  readonly code = 'PRIVATE_ADDRESS';

  constructor(host: string) {
    super(`${host} is not a public address`);
  }
}

/** Whether an IP address, version 4, 6, or 4 mapped into 6, belongs to the public internet. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const plain = ipaddr.process(address);
  if (plain.range() !== 'unicast' || plain.toString() === METADATA) return false;
  return plain.kind() === 'ipv4' || (plain as ipaddr.IPv6).match(GIVEN_OUT);
}

/**
 * `dns.lookup` that fails if any address of the name is not public. The connection uses the returned
 * addresses, so a name cannot change between check and connection.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, []);
    const hidden = addresses.find(({ address }) => !isPublicAddress(address));
    if (hidden) return callback(new PrivateAddressError(hostname), []);
    if (options.all) return callback(null, addresses);
    const [first] = addresses;
    if (!first) return callback(new PrivateAddressError(hostname), []);
    return callback(null, first.address, first.family);
  });
};
