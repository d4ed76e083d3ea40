import { join } from 'node:path';
import { dump } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '#kube/object';
import { nadOf, press, seenNetworks } from '../../../../../test/fixtures/seen-networks.ts';
import type { WukongNetwork } from '../../../api/wukong.ts';
import { attachment } from './attachment.ts';
import { planNetworks } from './plan-networks.ts';

const golden = (name: string) => join(import.meta.dirname, '../../../../../test/golden/operator', name);
const macvtap = { bindings: ['macvtap'] };

const every: readonly WukongNetwork[] = [
  { name: 'default', type: 'bridge', ipConfig: { mode: 'dhcp' } },
  { name: 'lan', type: 'bridge', bridgeName: 'br0', vlanId: 12, mtu: 9000, model: 'e1000e' },
  { name: 'cell', type: 'ovs', macAddress: '52:54:00:AB:CD:EF' },
  { name: 'camera', type: 'sriov', resourceName: 'intel.com/cameras', vlanId: 7 },
  { name: 'line', type: 'macvlan', physicalInterface: 'ens2' },
  { name: 'office', nadName: 'shared/vlan-12', ipConfig: { mode: 'static', address: '10.2.0.9/24' } },
  {
    name: 'pool',
    type: 'bridge',
    ipConfig: { mode: 'ipam', ipam: { range: '10.9.0.0/24', exclude: ['10.9.0.1/32'] } },
  },
];

describe('the networks of a Wukong', () => {
  it('become attachments, interfaces and what the guest is told, each by its type', async () => {
    const plan = planNetworks(press(every), seenNetworks({ ...macvtap, nads: [nadOf('vlan-12', {}, 'shared')] }));

    await expect(dump(plan, { noRefs: true })).toMatchFileSnapshot(golden('networks.yaml'));
  });

  it.for([undefined, []])('B28: of which none is named (%s) are the pod network, and that is in order', (networks) => {
    const plan = planNetworks(press(networks), seenNetworks({ serves: { nad: false, nncp: false } }));

    expect(plan.networks).toEqual([{ name: 'default', pod: {} }]);
    expect(plan.interfaces).toMatchObject([{ name: 'default', model: 'virtio', masquerade: {} }]);
    expect(plan.verdict).toEqual({
      status: 'True',
      reason: 'NoNetworksRequested',
      message: 'no network is named, so the machine is on the pod network',
    });
    expect(plan.ready).toBe(true);
  });

  it('put a primary network in the place of the pod network', () => {
    const plan = planNetworks(
      press([{ name: 'lan', nadName: 'flat', primary: true }]),
      seenNetworks({ nads: [nadOf('flat')] }),
    );

    expect(plan.networks).toEqual([{ name: 'lan', multus: { networkName: 'flat', default: true } }]);
  });

  it('never touch an attachment that is the user’s', () => {
    const plan = planNetworks(press([{ name: 'lan', nadName: 'flat' }]), seenNetworks({ nads: [nadOf('flat')] }));

    expect(plan).toMatchObject({ objects: [], ready: true });
  });

  it.for<[unknown, object]>([
    [{ type: 'sriov' }, { sriov: {} }],
    [{ plugins: [{ type: 'macvtap' }] }, { binding: { name: 'macvtap' } }],
    [{ type: 'bridge' }, { bridge: {} }],
    ['not JSON', { bridge: {} }],
  ])('are bound by what an attachment is made of (%j) where nothing is said', ([config, binding]) => {
    const nads = [nadOf('flat', config)];
    const plan = planNetworks(press([{ name: 'lan', nadName: 'flat' }]), seenNetworks({ ...macvtap, nads }));

    expect(plan.interfaces[0]).toMatchObject(binding);
    expect(plan.ready).toBe(true);
  });

  it('give the same bytes every time, also when their own attachments are there', () => {
    const wukong = press(every);
    const nads: KubeObject[] = [nadOf('vlan-12', {}, 'shared')];
    const first = planNetworks(wukong, seenNetworks({ ...macvtap, nads }));
    const second = planNetworks(wukong, seenNetworks({ ...macvtap, nads: [...nads, ...first.objects] }));

    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  });

  it('tell everything that is wrong, with the first reason', () => {
    const networks: WukongNetwork[] = [
      { name: 'lan', nadName: 'vlan-12' },
      { name: 'line', type: 'macvlan', physicalInterface: 'ens2' },
    ];
    const plan = planNetworks(press(networks), seenNetworks());

    expect(plan.ready).toBe(false);
    expect(plan.verdict.reason).toBe('NADNotFound');
    expect(plan.verdict.message).toContain('network lan: ');
    expect(plan.verdict.message).toContain('; network line: ');
  });

  it('that are another’s by name are left alone', () => {
    const lan: WukongNetwork = { name: 'lan', type: 'bridge' };
    const other = { ...press(), metadata: { ...press().metadata, uid: 'another' } };
    const plan = planNetworks(press([lan]), seenNetworks({ nads: [attachment(other, lan)] }));

    expect(plan).toMatchObject({ objects: [], ready: false });
    expect(plan.verdict).toEqual({
      status: 'False',
      reason: 'NADConflict',
      message:
        'network lan: the NetworkAttachmentDefinition plant/press-3-lan-nad is there already and belongs to something else; delete it, or give the network another name',
    });
  });
});
