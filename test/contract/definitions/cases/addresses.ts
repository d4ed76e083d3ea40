import type { Json } from '#kube/json';
import { type Case, withIp } from './case.ts';

const fixed = (address: string, more: Json = {}): Json => withIp({ mode: 'static', address, ...more });

export const accepted: readonly Case[] = [
  ['DHCP', withIp({ mode: 'dhcp' })],
  ['DHCP with name servers of its own', withIp({ mode: 'dhcp', dnsServers: ['9.9.9.9', '2620:fe::fe'] })],
  ['an address alone', fixed('192.168.1.10/24')],
  [
    'an address with gateway and name servers',
    fixed('192.168.1.10/24', { gateway: '192.168.1.1', dnsServers: ['192.168.1.1'] }),
  ],
  ['the first host of a network', fixed('10.0.0.1/30')],
  ['the last host of a network', fixed('10.0.0.2/30')],
  ['.0 in the middle of a network', fixed('10.0.1.0/23')],
  ['.255 in the middle of a network', fixed('10.0.0.255/23')],
  ['both addresses of a network of two', fixed('10.0.0.0/31', { gateway: '10.0.0.1' })],
  ['a network of one', fixed('10.0.0.7/32')],
  ['IPv6', fixed('fd00:12::10/64', { gateway: 'fd00:12::1', dnsServers: ['fd00:12::1'] })],
  [
    'whereabouts',
    withIp({
      mode: 'ipam',
      gateway: '10.20.0.1',
      ipam: { range: '10.20.0.0/24', exclude: ['10.20.0.0/28', '10.20.0.255/32'] },
    }),
  ],
];

export const refused: readonly Case[] = [
  ['another mode', withIp({ mode: 'auto' })],
  ['static without an address', withIp({ mode: 'static' })],
  ['DHCP with an address', withIp({ mode: 'dhcp', address: '192.168.1.10/24' })],
  ['DHCP with a gateway', withIp({ mode: 'dhcp', gateway: '192.168.1.1' })],
  ['an address without a prefix', fixed('192.168.1.10')],
  ['an address of 300', fixed('192.168.1.300/24')],
  ['an address with a leading zero', fixed('192.168.01.10/24')],
  ['a prefix of 33', fixed('192.168.1.10/33')],
  ['the address of the network', fixed('192.168.1.0/24')],
  ['the address of a network of four', fixed('10.0.0.4/30')],
  ['the address of a network of a million', fixed('10.16.0.0/12')],
  ['the broadcast address', fixed('192.168.1.255/24')],
  ['the broadcast address of a network of four', fixed('10.0.0.7/30')],
  ['the broadcast address of a network of a million', fixed('10.31.255.255/12')],
  ['a gateway of another network', fixed('192.168.1.10/24', { gateway: '192.168.2.1' })],
  ['a gateway of the other family', fixed('192.168.1.10/24', { gateway: 'fd00::1' })],
  ['a gateway with a prefix', fixed('192.168.1.10/24', { gateway: '192.168.1.1/24' })],
  ['itself as the gateway', fixed('192.168.1.10/24', { gateway: '192.168.1.10' })],
  ['itself as the gateway, in other words', fixed('fd00::a/64', { gateway: 'fd00:0:0::a' })],
  ['a name server by name', fixed('192.168.1.10/24', { dnsServers: ['dns.example.com'] })],
  ['whereabouts without a range', withIp({ mode: 'ipam' })],
  ['a range without whereabouts', withIp({ mode: 'dhcp', ipam: { range: '10.20.0.0/24' } })],
  ['a range without a prefix', withIp({ mode: 'ipam', ipam: { range: '10.20.0.0' } })],
  [
    'an exclusion outside of the range',
    withIp({ mode: 'ipam', ipam: { range: '10.20.0.0/24', exclude: ['10.21.0.0/28'] } }),
  ],
  ['a gateway outside of the range', withIp({ mode: 'ipam', gateway: '10.21.0.1', ipam: { range: '10.20.0.0/24' } })],
];
