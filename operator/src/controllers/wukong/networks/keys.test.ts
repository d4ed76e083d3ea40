import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { press, wukongOf } from '../../../../../test/fixtures/seen-networks.ts';
import type { WukongNetwork } from '../../../api/wukong.ts';
import { addressKeys, bridgeKeys, nadKeys, segmentOf } from './keys.ts';
import { macAddressOf, macOf } from './mac-address.ts';

const fixed = (address: string): Pick<WukongNetwork, 'ipConfig'> => ({ ipConfig: { mode: 'static', address } });

describe('the keys of a Wukong', () => {
  it.for<[WukongNetwork, string | undefined]>([
    [{ name: 'default' }, undefined],
    [{ name: 'lan', type: 'bridge' }, 'bridge:br-lan/0'],
    [{ name: 'lan', type: 'ovs', bridgeName: 'br0', vlanId: 12 }, 'bridge:br0/12'],
    [{ name: 'lan', nadName: 'flat' }, 'nad:plant/flat'],
    [{ name: 'lan', nadName: 'shared/flat' }, 'nad:shared/flat'],
    [{ name: 'lan', type: 'macvlan', physicalInterface: 'ens2' }, 'uplink:ens2/0'],
    [{ name: 'lan', type: 'sriov', resourceName: 'intel.com/a', vlanId: 3 }, 'sriov:intel.com/a/3'],
  ])('name the wire of %j', ([network, segment]) => {
    expect(segmentOf('plant', network)).toBe(segment);
  });

  it('are the same for one address, however it is written and whatever its prefix', () => {
    const keys = ['fd00:0:0::00AB/64', 'FD00::ab/48'].map((one) =>
      addressKeys(press([{ name: 'lan', nadName: 'flat', ...fixed(one) }])),
    );

    expect(keys).toEqual([['nad:plant/flat fd00::ab'], ['nad:plant/flat fd00::ab']]);
  });

  it('have no address that is not fixed, not one, or on the pod network', () => {
    const networks: WukongNetwork[] = [
      { name: 'default', ...fixed('10.0.0.9/24') },
      { name: 'lan', nadName: 'flat', ipConfig: { mode: 'dhcp' } },
      { name: 'cell', nadName: 'flat', ...fixed('nonsense') },
    ];

    expect(addressKeys(press(networks))).toEqual([]);
  });

  it('name each bridge that is wanted over an uplink once', () => {
    const over = { type: 'bridge', bridgeName: 'br0', physicalInterface: 'ens1' } as const;
    const networks: WukongNetwork[] = [
      { name: 'a', vlanId: 1, ...over },
      { name: 'b', vlanId: 2, ...over },
      { name: 'c', type: 'bridge' },
      { name: 'd', type: 'macvlan', physicalInterface: 'ens2' },
      { name: 'e', type: 'ovs', physicalInterface: 'ens3', nadName: 'flat' },
    ];

    expect(bridgeKeys(press(networks))).toEqual(['br0']);
    expect(nadKeys(press(networks))).toEqual(['plant/flat']);
  });
});

describe('the MAC address of a NIC', () => {
  it('is unicast, locally administered, and the same every time', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (uid, name) => {
        const wukong = { ...press(), metadata: { name: 'press-3', uid } };
        const mac = macAddressOf(wukong, { name });
        const first = Number.parseInt(mac.slice(0, 2), 16);
        expect(mac).toMatch(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/);
        expect(first & 0b11).toBe(0b10);
        expect(macOf(wukong, name)).toBe(mac);
      }),
    );
  });

  it('is of the object, and not of its name', () => {
    const other = wukongOf('plant', 'press-4', '2026-03-01T08:00:00Z');

    expect(new Set([macOf(press(), 'lan'), macOf(press(), 'cell'), macOf(other, 'lan')]).size).toBe(3);
  });

  it('is the one that is asked for, in the one way of writing it', () => {
    expect(macAddressOf(press(), { name: 'lan', macAddress: '52:54:00:AB:CD:EF' })).toBe('52:54:00:ab:cd:ef');
  });
});
