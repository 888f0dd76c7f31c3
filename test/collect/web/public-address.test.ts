import { expect, test } from 'vitest';
import { isPublicAddress } from '../../../src/collect/web/public-address.ts';

test.each([
  '8.8.8.8',
  '172.15.255.255',
  '172.32.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '223.255.255.255',
  '2606:4700::6810:84e5',
  '2a02:ec80:600:ed1a::1',
  // The same public IPv4 addresses in IPv6's clothes.
  '::ffff:8.8.8.8',
  '64:ff9b::808:808',
])('%s is on the public internet', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  ['this machine', '127.0.0.1'],
  ['this machine', '127.255.255.254'],
  ['this machine', '0.0.0.0'],
  ['a private network', '10.0.0.1'],
  ['a private network', '172.16.0.1'],
  ['a private network', '172.31.255.255'],
  ['a private network', '192.168.1.1'],
  ['a provider’s own network', '100.64.0.1'],
  ['one link, and a cloud’s metadata', '169.254.169.254'],
  ['documentation', '203.0.113.7'],
  ['benchmarks', '198.18.0.1'],
  ['multicast', '224.0.0.1'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['this machine', '::1'],
  ['nowhere', '::'],
  ['one link', 'fe80::1'],
  ['one link', 'fe80::1%eth0'],
  ['a private network', 'fd00::1'],
  ['multicast', 'ff02::1'],
  ['documentation', '2001:db8::1'],
  ['Teredo', '2001:0:4136:e378::1'],
  ['6to4', '2002:7f00:1::1'],
  ['this machine as mapped IPv4', '::ffff:127.0.0.1'],
  ['this machine as mapped IPv4', '::ffff:7f00:1'],
  ['a private network through NAT64', '64:ff9b::a00:1'],
  ['a private network through a local NAT64', '64:ff9b:1::a00:1'],
  ['IPv4 of old', '::7f00:1'],
  ['a name', 'localhost'],
  ['nothing', ''],
])('%s (%s) is not', (_, address) => {
  expect(isPublicAddress(address)).toBe(false);
});
