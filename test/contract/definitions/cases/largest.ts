import type { Json } from '#kube/json';
import { valid } from './case.ts';

const long = (index: number, length: number) => `${index}`.padStart(length, 'a');
const many = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** As much as a specification can hold of what rules are asked of: their cost has a budget. */
export const largest: Json = {
  ...valid,
  disks: many(32, (index) => ({
    name: long(index, 32),
    size: `${index + 1}.000000000000Gi`,
    storageClassName: 'a'.repeat(253),
    accessModes: ['ReadWriteMany', 'ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteOncePod'],
    source: { http: { url: `https://${'a'.repeat(2040)}`, checksum: `sha512:${'0'.repeat(128)}` } },
  })),
  networks: many(16, (index) => ({
    name: long(index, 32),
    type: 'bridge',
    bridgeName: 'a'.repeat(15),
    nadName: `${'a'.repeat(63)}/${'b'.repeat(253)}`,
    macAddress: `02:00:00:00:00:${String(index).padStart(2, '0')}`,
    ipConfig: {
      mode: 'ipam',
      dnsServers: many(8, () => '2001:db8:1111:2222:3333:4444:5555:6666'),
      ipam: { range: '2001:db8::/32', exclude: many(32, () => '2001:db8:1111:2222:3333:4444:5555:6666/128') },
    },
  })),
  gpus: many(16, (index) => ({ name: `g${index}`, deviceName: `${'a'.repeat(120)}/${'b'.repeat(120)}` })),
  cloudInitUser: {
    name: 'a'.repeat(32),
    password: 'a'.repeat(256),
    sudo: 'a'.repeat(256),
    groups: many(32, () => 'a'.repeat(32)),
  },
};
