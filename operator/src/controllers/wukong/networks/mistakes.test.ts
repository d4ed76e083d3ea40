import { describe, expect, it } from 'vitest';
import { press, seenNetworks, wukongOf } from '../../../../../test/fixtures/seen-networks.ts';
import type { Wukong, WukongNetwork } from '../../../api/wukong.ts';
import { addressKeys } from './keys.ts';
import { planNetworks } from './plan-networks.ts';
import type { NetworksSeen } from './seen.ts';

const among = (...all: readonly Wukong[]): NetworksSeen =>
  seenNetworks({ holdersOf: (key) => all.filter((one) => addressKeys(one).includes(key)) });
const at = (address: string): WukongNetwork => ({ name: 'lan', type: 'bridge', ipConfig: { mode: 'static', address } });

describe('a mistake in the networks', () => {
  it('is ipam on Open vSwitch: it is told where it is, and nothing is made of it', () => {
    const ipConfig = { mode: 'ipam', ipam: { range: '10.9.0.0/24' } } as const;
    const plan = planNetworks(press([{ name: 'pool', type: 'ovs', ipConfig }]), seenNetworks());
    const message =
      'spec.networks[pool]: ipam gives its address through the pod, which the type ovs goes round; use static or dhcp, or the type bridge';

    expect(plan.mistakes).toEqual([{ reason: 'InvalidSpec', message }]);
    expect(plan.verdict).toEqual({ status: 'False', reason: 'InvalidSpec', message });
    expect(plan).toMatchObject({ objects: [], ready: false });
  });

  it('is none in what is said of the pod network, which is not acted upon', () => {
    const network: WukongNetwork = {
      name: 'default',
      type: 'ovs',
      ipConfig: { mode: 'ipam', ipam: { range: '10.9.0.0/24' } },
    };

    expect(planNetworks(press([network]), seenNetworks())).toMatchObject({ mistakes: [], ready: true, objects: [] });
  });

  it('is the address that an older Wukong has on the same bridge, in another namespace too', () => {
    const older = wukongOf('lab', 'oven', '2026-01-01T08:00:00Z', [at('10.2.0.9/16')]);
    const younger = press([at('10.2.0.9/24')]);

    expect(planNetworks(younger, among(older, younger)).mistakes).toEqual([
      {
        reason: 'AddressInUse',
        message:
          'spec.networks[lan]: 10.2.0.9/24 is taken by the older Wukong lab/oven on the same network; give another address',
      },
    ]);
    expect(planNetworks(older, among(older, younger))).toMatchObject({ mistakes: [], ready: true });
  });

  it('is on exactly one side when two are made in the same second', () => {
    const twins = ['one', 'two', 'three'].map((name) =>
      wukongOf('lab', name, '2026-01-01T08:00:00Z', [at('10.2.0.9/24')]),
    );
    const wrong = twins.filter((one) => planNetworks(one, among(...twins)).mistakes.length > 0);

    expect(wrong).toHaveLength(2);
  });

  it('is not the same address on another VLAN', () => {
    const older = wukongOf('lab', 'oven', '2026-01-01T08:00:00Z', [{ ...at('10.2.0.9/24'), vlanId: 12 }]);
    const younger = press([at('10.2.0.9/24')]);

    expect(planNetworks(younger, among(older, younger)).mistakes).toEqual([]);
  });
});
