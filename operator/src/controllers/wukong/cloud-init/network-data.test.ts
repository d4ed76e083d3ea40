import { join } from 'node:path';
import * as fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { GuestNic } from '../plan.ts';
import { needsNetworkData, networkData } from './network-data.ts';

const golden = (name: string) => join(import.meta.dirname, '../../../../../test/golden/operator', name);
const mac = (last: string) => `02:00:00:00:00:${last}`;
const pod: GuestNic = { name: 'default', macAddress: mac('01'), pod: true };
const lan: GuestNic = {
  name: 'lan',
  macAddress: mac('02'),
  pod: false,
  mtu: 9000,
  ipConfig: { mode: 'static', address: '10.2.0.9/24', gateway: '10.2.0.1', dnsServers: ['10.2.0.53', 'fd00::53'] },
};
const leased = (name: string): GuestNic => ({ name, macAddress: mac('03'), pod: false, ipConfig: { mode: 'dhcp' } });
const ethernets = (nics: readonly GuestNic[]): Json => (load(networkData(nics)) as Json).ethernets;

const nics: fc.Arbitrary<readonly GuestNic[]> = fc.uniqueArray(
  fc.record({
    name: fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,8}[a-z0-9])?$/),
    macAddress: fc.stringMatching(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/),
    pod: fc.boolean(),
    ipConfig: fc.constantFrom<NonNullable<GuestNic['ipConfig']>[]>(
      { mode: 'dhcp' },
      { mode: 'ipam' },
      { mode: 'static', address: '10.2.0.9/24' },
      { mode: 'static', address: 'fd00::9/64', gateway: 'fd00::1' },
    ),
  }),
  { selector: ({ name }) => name, minLength: 1, maxLength: 6 },
);

describe('the network data of a guest', () => {
  it('B13: tell NICs apart by address, the pod network too, with one default route', async () => {
    const none: GuestNic = { name: 'cell', macAddress: '52:54:00:12:34:56', pod: false };

    await expect(networkData([pod, lan, leased('office'), none])).toMatchFileSnapshot(golden('network-data.yaml'));
  });

  it.for<[string, readonly GuestNic[], boolean]>([
    ['the pod network alone', [{ ...pod, mtu: 1400 }], false],
    ['a NIC of which nothing is said', [pod, { ...pod, pod: false }], false],
    ['a fixed address', [lan], true],
    ['a lease', [leased('lan')], true],
    ['a size of frames', [{ ...pod, pod: false, mtu: 9000 }], true],
  ])('for %s are needed: %s', ([, all, isNeeded]) => {
    expect(needsNetworkData(all)).toBe(isNeeded);
  });

  it('take the default route of the first lease where no gateway is given', () => {
    const all = ethernets([{ ...lan, ipConfig: { mode: 'static', address: '10.2.0.9/24' } }, pod, leased('office')]);

    expect(all.default['dhcp4-overrides']).toBeUndefined();
    expect(all.office['dhcp4-overrides']).toEqual({ 'use-routes': false });
    expect(all.lan.routes).toBeUndefined();
  });

  it('ask only those resolvers that are named, where a lease brings ones that its routes do not lead to', () => {
    expect(ethernets([pod, lan]).default['dhcp4-overrides']).toEqual({ 'use-routes': false, 'use-dns': false });
    expect(ethernets([pod, leased('office')]).office['dhcp4-overrides']).toEqual({ 'use-routes': false });
  });

  it('read back as they are meant, whatever NICs are called', () => {
    fc.assert(
      fc.property(nics, (all) => {
        const read = ethernets(all);
        expect(Object.keys(read).toSorted()).toEqual(all.map(({ name }) => name).toSorted());
        for (const { name, macAddress } of all) expect(read[name].match).toEqual({ macaddress: macAddress });
      }),
    );
  });

  it('have no string that an older reader of YAML takes for a number or a truth', () => {
    fc.assert(
      fc.property(nics, (all) => {
        const macs = networkData(all)
          .split('\n')
          .filter((line) => line.includes('macaddress'));
        expect(macs.every((line) => /: "[0-9a-f:]{17}"$/.test(line))).toBe(true);
      }),
    );
  });

  it('let one NIC at most have a default route of version 4', () => {
    fc.assert(
      fc.property(nics, (all) => {
        const routed = Object.values<Json>(ethernets(all)).filter(
          (one) => one.dhcp4 === true && one['dhcp4-overrides']?.['use-routes'] !== false,
        );
        expect(routed.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
