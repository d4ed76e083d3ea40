import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WukongNetwork } from '../../../api/wukong.ts';
import { cniConfig } from './cni-config.ts';

const networks: fc.Arbitrary<WukongNetwork> = fc.record(
  {
    name: fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,10}[a-z0-9])?$/),
    type: fc.constantFrom('bridge', 'ovs', 'sriov', 'macvlan'),
    vlanId: fc.integer({ min: 1, max: 4094 }),
    mtu: fc.integer({ min: 576, max: 9216 }),
    bridgeName: fc.stringMatching(/^[a-zA-Z0-9_.-]{1,15}$/),
    ipConfig: fc.constantFrom(
      { mode: 'dhcp' } as const,
      { mode: 'ipam', gateway: '10.0.0.1', ipam: { range: '10.0.0.0/24', exclude: ['10.0.0.1/32'] } } as const,
    ),
  },
  { requiredKeys: ['name'] },
);

/** The same with the keys of every object the other way round. */
function reversed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, one]) => [key, reversed(one)])
      .toReversed(),
  );
}

describe('the configuration of an attachment', () => {
  it('is one string for one network, in whatever order it is written', () => {
    fc.assert(
      fc.property(networks, (network) => {
        expect(cniConfig('a-b-nad', reversed(network) as WukongNetwork)).toBe(cniConfig('a-b-nad', network));
      }),
    );
  });

  it('has its keys in order, and nothing that is null', () => {
    fc.assert(
      fc.property(networks, (network) => {
        const config: Record<string, unknown> = JSON.parse(cniConfig('a-b-nad', network));
        expect(Object.keys(config)).toEqual(Object.keys(config).toSorted());
        expect(Object.values(config)).not.toContain(null);
        expect(config).toMatchObject({ cniVersion: '0.3.1', name: 'a-b-nad' });
      }),
    );
  });

  it('never has the plugin macvlan, whose frames a guest would not get', () => {
    fc.assert(fc.property(networks, (network) => !cniConfig('a-b-nad', network).includes('macvlan')));
  });

  it('keeps the interface of the pod away exactly when no address is given to it', () => {
    fc.assert(
      fc.property(networks, (network) => {
        const config: Record<string, unknown> = JSON.parse(cniConfig('a-b-nad', { ...network, type: 'bridge' }));
        expect('ipam' in config).toBe(network.ipConfig?.mode === 'ipam');
        expect('disableContainerInterface' in config).toBe(network.ipConfig?.mode !== 'ipam');
      }),
    );
  });

  it('checks the address that a guest sends from, on a bridge', () => {
    expect(cniConfig('press-3-lan-nad', { name: 'lan', type: 'bridge', vlanId: 12 })).toBe(
      '{"bridge":"br-lan","cniVersion":"0.3.1","disableContainerInterface":true,"macspoofchk":true,"name":"press-3-lan-nad","preserveDefaultVlan":false,"type":"bridge","vlan":12}',
    );
  });
});
