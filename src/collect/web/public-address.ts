/**
 * Which IP addresses lie on the public internet. A photo's address comes from strangers: it must not make this
 * machine ask its own services, its neighbours or a cloud's metadata server.
 */

import { BlockList, isIP } from 'node:net';

/** Not globally reachable, multicast or reserved (IANA IPv4 Special-Purpose Address Registry, RFC 5771). */
const closedIPv4 = listOf('ipv4', [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]);

/** All public IPv6 is in 2000::/3 (IANA IPv6 Global Unicast Address Assignments). */
const openIPv6 = listOf('ipv6', ['2000::/3']);

/** Within it: protocol assignments and Teredo, documentation, 6to4 (IANA IPv6 Special-Purpose Address Registry). */
const closedIPv6 = listOf('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);

/** IPv4 in IPv6's clothes: mapped (RFC 4291), and NAT64's well-known prefix (RFC 6052). */
const carriesIPv4 = listOf('ipv6', ['::ffff:0:0/96', '64:ff9b::/96']);

/** @param address as DNS or a URL gives it, without brackets; anything but an IP address is not public */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !closedIPv4.check(address, 'ipv4');
  // A zone (fe80::1%eth0) belongs to addresses of one link only.
  if (family !== 6 || address.includes('%')) return false;
  if (carriesIPv4.check(address, 'ipv6')) return isPublicAddress(lastFourBytes(address));
  return openIPv6.check(address, 'ipv6') && !closedIPv6.check(address, 'ipv6');
}

/** The IPv4 address in the last 32 bits. */
function lastFourBytes(address: string): string {
  // A URL writes every IPv6 address in its canonical form: groups of hexadecimal digits, no dotted end.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split(':');
  const [high, low] = groups.slice(-2).map((group) => Number.parseInt(group || '0', 16)) as [number, number];
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

function listOf(family: 'ipv4' | 'ipv6', ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network, bits] = range.split('/') as [string, string];
    list.addSubnet(network, Number(bits), family);
  }
  return list;
}
