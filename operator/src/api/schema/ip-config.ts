import * as z from 'zod';
import { listOf, rules, text } from './terms.ts';

const ipAddress = text(39).meta(
  rules({ rule: 'isIP(self)', message: 'an IP address, such as 192.168.1.1 or fd00::1, without a prefix' }),
);
const cidr = text(43).meta(
  rules({ rule: 'isCIDR(self)', message: 'a network with its prefix, such as 192.168.1.0/24' }),
);

/** IPv4 with a prefix that leaves room for a network and a broadcast address. */
const plain4 =
  'has(self.address) && isCIDR(self.address) && cidr(self.address).ip().family() == 4 && cidr(self.address).prefixLength() <= 30';
/** CEL has no shifts: how many addresses a network with each prefix has. */
const sizes = Array.from({ length: 31 }, (_, prefix) => 2 ** (32 - prefix)).join(', ');
const number = 'a[0] * 16777216 + a[1] * 65536 + a[2] * 256 + a[3]';
/** Whether the address, so many further, is the first one of a network. */
const isFirst = (further: 0 | 1) =>
  `[self.address.split('/')[0].split('.').map(part, int(part))].all(a, (${number} + ${further}) % [${sizes}][cidr(self.address).prefixLength()] == 0)`;
const bothGiven = 'has(self.gateway) && isIP(self.gateway) && has(self.address) && isCIDR(self.address)';

const modeRules = rules(
  {
    rule: "(self.mode == 'static') == has(self.address)",
    message: 'address goes with `mode: static`, and only with it: give both, or neither',
    fieldPath: '.address',
  },
  {
    rule: "(self.mode == 'ipam') == has(self.ipam)",
    message: 'ipam goes with `mode: ipam`, and only with it: give both, or neither',
    fieldPath: '.ipam',
  },
  {
    rule: "self.mode != 'dhcp' || !has(self.gateway)",
    message: 'with `mode: dhcp` the DHCP server names the gateway: leave it out, or use `mode: static`',
    fieldPath: '.gateway',
  },
);

const addressRules = rules(
  {
    rule: `!(${plain4}) || !${isFirst(0)}`,
    message: 'address is that of the whole network: give the one of this machine, such as 192.168.1.10/24',
    fieldPath: '.address',
  },
  {
    rule: `!(${plain4}) || !${isFirst(1)}`,
    message: 'address is the broadcast address of its network: give the one of this machine, such as 192.168.1.10/24',
    fieldPath: '.address',
  },
  {
    rule: `!(${bothGiven}) || cidr(self.address).containsIP(self.gateway)`,
    message: 'gateway is outside of the network of address, where the machine cannot reach it: give one inside',
    fieldPath: '.gateway',
  },
  {
    rule: `!(${bothGiven}) || !cidr(self.gateway + (ip(self.gateway).family() == 4 ? '/32' : '/128')).containsIP(cidr(self.address).ip())`,
    message: 'gateway and address are the same, but the gateway is another machine: give its address',
    fieldPath: '.gateway',
  },
  {
    rule: '!(has(self.gateway) && isIP(self.gateway) && has(self.ipam) && isCIDR(self.ipam.range)) || cidr(self.ipam.range).containsIP(self.gateway)',
    message: 'gateway is outside of the range of ipam, where the machine cannot reach it: give one inside',
    fieldPath: '.gateway',
  },
);

const Ipam = z
  .object({
    range: cidr.meta({ description: 'The network that addresses are given from.', examples: ['10.20.0.0/24'] }),
    exclude: listOf(cidr, 32)
      .meta({ description: 'Parts of the range that are never given.', examples: [['10.20.0.0/28']] })
      .optional(),
  })
  .meta({
    description: 'What whereabouts gives addresses from; with `mode: ipam` alone.',
    ...rules({
      rule: '!has(self.exclude) || !isCIDR(self.range) || self.exclude.all(x, !isCIDR(x) || cidr(self.range).containsCIDR(x))',
      message: 'exclude names parts of range, and one of them lies outside: drop it, or widen range',
      fieldPath: '.exclude',
    }),
  });

export const IpConfig = z
  .object({
    mode: z.enum(['static', 'dhcp', 'ipam']).meta({
      description:
        'static: the guest has `address`; dhcp: it asks the DHCP server of the network; ipam: whereabouts gives it one, which live migration does not keep.',
      examples: ['static'],
    }),
    address: text(43)
      .meta({
        description: 'Address and prefix of the guest; with `mode: static` alone.',
        examples: ['192.168.1.10/24'],
        ...rules({ rule: 'isCIDR(self)', message: 'an address with its prefix, such as 192.168.1.10/24' }),
      })
      .optional(),
    gateway: ipAddress
      .meta({
        description: 'Router of the default route, inside of the network of the address. On one network alone.',
        examples: ['192.168.1.1'],
      })
      .optional(),
    dnsServers: listOf(ipAddress, 8)
      .meta({ description: 'Name servers, the first one asked first.', examples: [['192.168.1.1', '9.9.9.9']] })
      .optional(),
    ipam: Ipam.optional(),
  })
  .meta({
    description: 'How the guest gets its address here. Absent: the network is left to the guest. Ignored on `default`.',
    ...rules(...modeRules['x-kubernetes-validations'], ...addressRules['x-kubernetes-validations']),
  });
